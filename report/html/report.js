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

  // A choice offers the values of one column, and those that are too wide.
  const addChoice = (table, groups) => {
    const heading = table.querySelector("th.choice");
    if (!heading) {
      return { parts: [], takes: () => true };
    }
    const cell = (group) => group[0].cells[heading.cellIndex];
    const select = document.createElement("select");
    const offer = (text, value) => select.append(new Option(text, value));
    offer(words.any, "");
    const cells = groups.map(cell).sort((a, b) => a.dataset.rank - b.dataset.rank);
    if (cells.some((one) => "wide" in one.dataset)) {
      offer(words.wide, "wide");
    }
    new Map(cells.map((one) => [one.dataset.rank, one.textContent])).forEach((text, rank) => offer(text, rank));
    const label = document.createElement("label");
    label.append(heading.textContent, " ", select);
    const takes = (group) => {
      const { rank, wide } = cell(group).dataset;
      return select.value === "" || (select.value === "wide" ? wide !== undefined : select.value === rank);
    };
    return { parts: [label], takes };
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
    const choice = addChoice(table, groups);
    bar.append(label, ...choice.parts, shown);
    table.closest(".scroll").before(bar);
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    let texts = null; // made when they are first needed
    const apply = () => {
      const terms = fold(input.value).split(/\s+/).filter(Boolean);
      texts ??= new Map(groups.map((group) => [group, fold(group.map((row) => row.textContent).join(" "))]));
      let n = 0;
      for (const group of groups) {
        const match = choice.takes(group) && terms.every((term) => texts.get(group).includes(term));
        group.forEach((row) => { row.hidden = !match; });
        n += match ? 1 : 0;
      }
      shown.value = n < groups.length || terms.length ? words.count.replace("{n}", n).replace("{all}", groups.length) : "";
    };
    bar.addEventListener("input", apply);
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
        const { dataset, textContent } = group[0].cells[column];
        if (dataset.rank) {
          return dataset.rank;
        }
        const text = textContent.trim();
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

  // addColumns lets columns be hidden, but for the first two.
  const addColumns = (table, groups) => {
    const box = document.createElement("details");
    box.className = "columns";
    const title = document.createElement("summary");
    title.textContent = words.columns;
    box.append(title);
    [...table.tHead.rows[0].cells].slice(2).forEach((heading, i) => {
      const input = document.createElement("input");
      input.type = "checkbox";
      input.checked = true;
      const label = document.createElement("label");
      label.append(input, " ", heading.textContent);
      box.append(label);
      input.addEventListener("change", () => {
        [heading, ...groups.map((group) => group[0].cells[i + 2])].forEach((cell) => { cell.hidden = !input.checked; });
      });
    });
    table.closest(".scroll").previousElementSibling.append(box);
  };

  for (const table of document.querySelectorAll("table.tools")) {
    const groups = groupsOf(table.tBodies[0]);
    if (groups.length > 1) {
      addFilter(table, groups);
      addColumns(table, groups);
      addSorting(table, groups);
    }
  }

  // A list with more rows than the page shows has all of them packed: lines of
  // JSON in gzip in base64. Only the rows in sight are elements.
  const unpack = async (text) => {
    const packed = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = new Uint8Array(packed.length);
    for (let i = 0; i < packed.length; i++) {
      bytes[i] = packed.charCodeAt(i);
    }
    const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const lines = (await new Response(plain).text()).trimEnd();
    return JSON.parse("[" + lines.replaceAll("\n", ",") + "]");
  };
  const rowHeight = 44;
  // What a column shows of a row, and what it is sorted by.
  const columnsOf = [
    [(r) => r[0], (r) => r[0]],
    [(r) => r[1] + (r[2] ? " \u2014 " + r[2] : ""), (r) => r[1]],
    [(r) => r[4], (r) => r[5]],
    [(r) => r[6].toLocaleString("en"), (r) => r[6], "num"],
    [(r) => r[7].toLocaleString("en"), (r) => r[7], "num"],
    [(r) => r[8], (r) => r[8]],
    [(r) => r[9], (r) => r[10]],
    [(r) => r[12], (r) => r[12]],
    [(r) => r[13], (r) => r[13]],
    [(r) => r[14], (r) => r[14]],
    [(r) => r[16], (r) => r[16]],
  ];
  const element = (name, ...children) => {
    const e = document.createElement(name);
    e.append(...children);
    return e;
  };
  const showAll = async (place) => {
    const all = await unpack(place.dataset.rows);
    let rows = all;
    const fold = (text) => text.normalize("NFKC").toLowerCase();
    let texts = null; // made when they are first needed
    const body = document.createElement("tbody");
    const headings = place.dataset.headings.split("|").map((text) => element("th", text));
    const head = element("tr", ...headings);
    const table = element("table", element("thead", head), body);
    const view = element("div", table);
    view.className = "virtual";
    view.tabIndex = 0;
    view.setAttribute("role", "region");
    view.setAttribute("aria-label", place.dataset.title);
    const blank = (n) => {
      const cell = document.createElement("td");
      cell.colSpan = headings.length;
      const row = element("tr", cell);
      row.className = "blank";
      row.style.setProperty("height", n * rowHeight + "px");
      return row;
    };
    const link = (number) => {
      const a = element("a", number);
      a.href = "#" + number;
      return number ? a : "";
    };
    let chosen = null; // the row that the address of the page names
    const draw = () => {
      const first = Math.max(0, Math.floor(view.scrollTop / rowHeight) - 10);
      const last = Math.min(rows.length, first + Math.ceil(view.clientHeight / rowHeight) + 20);
      table.setAttribute("aria-rowcount", rows.length + 1);
      body.replaceChildren(blank(first), ...rows.slice(first, last).map((r, i) => {
        const row = element("tr", ...columnsOf.map(([shown, , kind], column) => {
          const cell = element("td", column === 0 ? link(r[0]) : shown(r));
          cell.className = kind || "";
          cell.title = cell.textContent;
          return cell;
        }));
        row.setAttribute("aria-rowindex", first + i + 2);
        row.classList.toggle("chosen", r === chosen);
        row.classList.toggle("late", r[15] > 0);
        return row;
      }), blank(rows.length - last));
    };
    headings.forEach((heading, i) => {
      const button = element("button", ...heading.childNodes);
      button.type = "button";
      button.title = words.sort;
      heading.className = columnsOf[i][2] || "";
      heading.append(button);
      button.addEventListener("click", () => {
        const down = heading.getAttribute("aria-sort") === (columnsOf[i][2] ? null : "ascending");
        headings.forEach((other) => other.removeAttribute("aria-sort"));
        heading.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = columnsOf[i][1];
        const keys = new Map(rows.map((r) => [r, key(r)]));
        rows = [...rows].sort((a, b) => {
          const [x, y] = [keys.get(a), keys.get(b)];
          return (down ? -1 : 1) * (x < y ? -1 : x > y ? 1 : 0);
        });
        view.scrollTop = 0;
        draw();
      });
    });
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = words.hint;
    const shown = document.createElement("output");
    const bar = element("div", element("label", words.filter, " ", input), shown);
    bar.className = "filter";
    input.addEventListener("input", () => {
      const terms = fold(input.value).split(/\s+/).filter(Boolean);
      texts ??= new Map(all.map((r) => [r, fold([r[0], r[1], r[2], r[3], r[4], r[9], r[12], r[13]].join(" "))]));
      rows = terms.length ? all.filter((r) => terms.every((term) => texts.get(r).includes(term))) : all;
      shown.value = terms.length ? words.count.replace("{n}", rows.length).replace("{all}", all.length) : "";
      view.scrollTop = 0;
      draw();
    });
    view.addEventListener("scroll", () => requestAnimationFrame(draw));
    const more = document.createElement("div");
    more.className = "chosen";
    more.setAttribute("role", "status");
    // go shows the row that the address names, unless the page has it in full.
    const go = (event) => {
      const number = location.hash.slice(1); // letters and digits: nothing in it is escaped
      if (!number || document.getElementById(number)) {
        return;
      }
      const row = all.find((r) => r[0] === number);
      if (!row) {
        return;
      }
      if (!rows.includes(row)) {
        input.value = shown.value = "";
        rows = all;
      }
      event?.stopImmediatePropagation(); // it may stand in two lists
      chosen = row;
      more.replaceChildren(element("strong", row[0]), " ", element("bdi", row[3] + " / " + (row[2] ? row[2] + "/" : "") + row[1]), element("p", row[17]));
      draw(); // so that there is something to scroll in
      view.scrollTop = rows.indexOf(row) * rowHeight - view.clientHeight / 3;
      draw();
      place.scrollIntoView();
      view.focus();
    };
    window.addEventListener("hashchange", go);
    place.replaceChildren(element("h3", place.dataset.title), bar, view, more);
    place.removeAttribute("data-rows");
    place.hidden = false;
    draw();
    go();
  };
  if ("DecompressionStream" in window) {
    document.querySelectorAll(".all[data-rows]").forEach(showAll);
  }
})();
