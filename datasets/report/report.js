"use strict";

// Each listing gets its search field and sorting; without this script it is a plain table.
for (const listing of document.querySelectorAll("[data-listing]")) {
  const body = listing.querySelector("tbody");
  const rows = [...body.rows];
  const search = listing.querySelector("input");
  const shown = listing.querySelector("output");
  const fold = (text) => text.normalize("NFKC").toLowerCase();
  const texts = new Map(rows.map((row) => [row, fold(row.textContent)]));
  const headers = [...listing.querySelectorAll("thead th")];

  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => texts.get(row).includes(word));
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = words.length ? `${count} / ${rows.length}` : `${rows.length}`;
  };

  // The collator takes digits for numbers, so one order serves names and counts.
  const { compare } = new Intl.Collator("zh", { numeric: true });

  const sort = (header) => {
    const column = headers.indexOf(header);
    const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    const keyOf = ({ cells }) => cells[column].dataset.key ?? cells[column].textContent.trim();
    const keys = new Map(rows.map((row) => [row, keyOf(row)]));
    rows.sort((a, b) => direction * compare(keys.get(a), keys.get(b)));
    for (const other of headers) other.setAttribute("aria-sort", "none");
    header.setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    body.append(...rows);
  };

  search.hidden = false;
  search.addEventListener("input", filter);
  for (const header of headers) header.firstElementChild.addEventListener("click", () => sort(header));
}
