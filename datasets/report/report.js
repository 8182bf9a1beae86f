"use strict";

// Each listing gets its search field and sorting; without this script it is a plain table.
for (const listing of document.querySelectorAll("[data-listing]")) {
  const body = listing.querySelector("tbody");
  const rows = [...body.rows];
  const search = listing.querySelector("input");
  const shown = listing.querySelector("output");
  const headers = [...listing.querySelectorAll("thead th")];

  const filter = () => {
    const words = search.value.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = words.length ? `${count} / ${rows.length}` : `${rows.length}`;
  };

  const keyOf = (row, column, isNumber) => {
    const cell = row.cells[column];
    return isNumber ? Number(cell.dataset.key ?? cell.textContent) : cell.textContent.trim();
  };

  const sort = (header) => {
    const column = headers.indexOf(header);
    const isNumber = header.firstElementChild.dataset.sort === "number";
    const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const order = new Intl.Collator("zh", { numeric: true }).compare;
    const compare = isNumber ? (a, b) => a - b : order;
    const keys = new Map(rows.map((row) => [row, keyOf(row, column, isNumber)]));
    rows.sort((a, b) => direction * compare(keys.get(a), keys.get(b)));
    for (const other of headers) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    body.append(...rows);
  };

  search.hidden = false;
  search.addEventListener("input", filter);
  for (const header of headers) header.firstElementChild.addEventListener("click", () => sort(header));
}
