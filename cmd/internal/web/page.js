"use strict";
(() => {
  const all = JSON.parse(document.getElementById("words").textContent);
  const $ = (id) => document.getElementById(id);
  let lang = all.lang, last = null;
  const t = (id) => all.words[lang][id] || id;
  const fill = (text, values) => text.replace(/\{([a-z]+)\}/g, (_, name) => String(values[name]));
  const n = (value) => Number(value).toLocaleString(lang);
  const day = (text) => text ? new Date(text).toLocaleDateString(lang) : t("now");
  function words() {
    document.documentElement.lang = lang;
    document.title = t("title");
    for (const e of document.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
    if (last) show(last);
  }
  function fact(name, value) {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    dt.textContent = name;
    dd.textContent = value;
    $("facts").append(dt, dd);
  }
  function show(a) {
    last = a;
    const box = $("answer");
    box.hidden = false;
    $("facts").replaceChildren();
    $("mended").hidden = !a.mended;
    $("coverage").textContent = "";
    if (a.error) {
      box.className = "unknown";
      $("result").textContent = t("error-" + a.error);
      $("mended").hidden = true;
      return;
    }
    box.className = a.result === "found" ? "found" : a.result === "not-found" && !a.unread ? "" : "unknown";
    $("result").textContent = t("result-" + a.result);
    if (a.mended) $("mended").textContent = t("mended-" + a.mended);
    if (a.result === "unreadable") return;
    if (a.class) {
      fact(t("class"), t("class-" + a.class));
      fact(t("first"), day(a.first));
      fact(t("last"), day(a.last));
      fact(t("files"), n(a.files));
    }
    $("coverage").textContent = fill(t(a.unread ? "coverage-unread" : "coverage"), {read: n(a.read), unread: n(a.unread)});
  }
  $("lang").addEventListener("click", () => { lang = lang === "ja" ? "en" : "ja"; words(); });
  $("ask").addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = $("number").value;
    $("number").value = "";
    try {
      const response = await fetch("/lookup", {
        method: "POST", cache: "no-store", credentials: "omit",
        headers: {"Authorization": "Bearer " + $("token").value, "Content-Type": "application/json"},
        body: JSON.stringify({number: number, who: $("who").value}),
      });
      show(await response.json());
    } catch {
      show({error: "failed"});
    }
    $("number").focus();
  });
  words();
})();
