"use strict";
// The report is whole without this script; it adds filters and sorting.
(() => {
  const words = document.body.dataset;

  // A group is a row about a file and the row of details below it.
  const groupsOf = (body) => {
    const groups = [];
    for (const row of body.rows) {
      if (row.classList.contains("detail")) {
        groups.at(-1).push(row);
      } else {
        groups.push([row]);
      }
    }
    return groups;
  };

  const addFilter = (table, groups) => {
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = words.hint;
    const label = document.createElement("label");
    label.append(words.filter, " ", input);
    const shown = document.createElement("output");
    const bar = document.createElement("div");
    bar.className = "filter";
    bar.append(label, shown);
    table.closest(".scroll").before(bar);
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    const texts = new Map(groups.map((group) => [group, fold(group.map((row) => row.textContent).join(" "))]));
    input.addEventListener("input", () => {
      const terms = fold(input.value).split(/\s+/).filter(Boolean);
      let n = 0;
      for (const group of groups) {
        const match = terms.every((term) => texts.get(group).includes(term));
        group.forEach((row) => { row.hidden = !match; });
        n += match ? 1 : 0;
      }
      shown.value = terms.length ? words.count.replace("{n}", n).replace("{all}", groups.length) : "";
    });
  };

  const addSorting = (table, groups) => {
    const body = table.tBodies[0];
    const headings = [...table.tHead.rows[0].cells];
    headings.forEach((heading, column) => {
      const numbers = heading.classList.contains("num");
      const button = document.createElement("button");
      button.type = "button";
      button.title = words.sort;
      button.append(...heading.childNodes);
      heading.append(button);
      const value = (group) => {
        const text = group[0].cells[column].textContent.trim();
        return numbers ? Number(text.replaceAll(",", "")) || 0 : text;
      };
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === (numbers ? null : "ascending");
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = (a, b) => (numbers ? a - b : a.localeCompare(b, document.documentElement.lang));
        const sorted = [...groups].sort((a, b) => (down ? -1 : 1) * order(value(a), value(b)));
        body.append(...sorted.flat());
      });
    });
  };

  for (const table of document.querySelectorAll("table.tools")) {
    const groups = groupsOf(table.tBodies[0]);
    if (groups.length > 1) {
      addFilter(table, groups);
      addSorting(table, groups);
    }
  }
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
  });
})();
