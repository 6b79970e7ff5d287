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
    const texts = new Map(groups.map((group) => [group, fold(group.map((row) => row.textContent).join(" "))]));
    const apply = () => {
      const terms = fold(input.value).split(/\s+/).filter(Boolean);
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
