"""The report in a real browser: hostile text stays text, search and sorting work."""

import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from datasets.report.load import load_report_view
from datasets.report.page import write_report
from datasets.schema import get_table, to_arrow

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PWN = "document.title='PWNED'"
PAYLOADS = (
    f"<script>{PWN}</script>",
    f"</script><script>{PWN}</script>",
    f"</style><script>{PWN}</script>",
    f'"><img src=x onerror="{PWN}">',
    f"' autofocus onfocus={PWN} x='",
    f"<svg onload={PWN}>",
    f"javascript:{PWN}",
    f"--><script>{PWN}</script>",
    "{{ 7 * 7 }}{% raw %}",
)
WHEN = datetime(2022, 4, 6, tzinfo=UTC)
# Columns that decide how rows are joined or read; everything else may be hostile.
JOINS = ("batch_id", "doc_id", "thread_id", "comment_id", "unit_id", "fetch_id")


def poison(table, payload, **values):
    """A row whose every text is the payload."""
    fill = {"string": payload, "int": 1, "float": 1.0, "bool": True, "time": WHEN}
    row = {column.name: fill[column.kind] for column in get_table(table).columns}
    row |= {key: "0123456789abcdef" for key in JOINS if key in row}
    return row | ({"duplicate_of": None} if "duplicate_of" in row else {}) | values


class PoisonedTables:
    def __init__(self, payload):
        self.id = payload
        status, batch = payload, {"batch": 1, "scope": "full"}
        second = {"batch_id": "fedcba9876543210", "batch": 2, "unit_id": "second"}
        self.tables = {
            "units": [
                poison("units", payload, status=status),
                poison("units", payload, **second, name_full=f"{payload} 2", status="proposed"),
            ],
            "announcements": [
                poison("announcements", payload, **batch, stated=f"{payload} 41"),
                poison("announcements", payload, batch_id=second["batch_id"], batch=2),
            ],
        }

    def rows(self, name):
        return 1

    def pandas(self, name, columns=None):
        rows = self.tables.get(name) or [poison(name, self.id)]
        frame = to_arrow(name, rows).to_pandas()
        return frame if columns is None else frame[list(columns)]


def dump_dom(page, folder):
    """What the page has become once the browser has run everything it would run."""
    file = folder / "report.html"
    file.write_text(page, encoding="utf-8")
    command = [CHROMIUM, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom"]
    run = subprocess.run(
        [*command, "--virtual-time-budget=2000", file.as_uri()],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )
    assert run.stdout.rstrip().endswith("</html>")
    return run.stdout


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_in_every_field_stays_text(payload, tmp_path):
    page = write_report(load_report_view(PoisonedTables(payload), "zh"))
    dom = dump_dom(page, tmp_path)
    assert "<title>PWNED" not in dom
    markup = re.sub(r"<(script|style) nonce=.*?</\1>", "", dom, flags=re.DOTALL)
    tags = re.findall(r"<[a-zA-Z][^>]*>", re.sub(r'"[^"]*"', '""', markup))
    names = {tag[1:-1].split()[0] for tag in tags}
    assert not names & {"img", "script", "style", "iframe"}
    assert not any(re.search(r"\s(?:on\w+|style|autofocus)\b", tag) for tag in tags)
    assert "javascript:" not in "".join(re.findall(r'href="([^"]*)"', markup))
    # The text itself is there: inert, not lost.
    escaped = payload.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped in markup


def drive(page, script):
    """Lets a script of the test run after that of the page, under the page's own policy."""
    (nonce,) = re.findall(r'<script nonce="([^"]+)"', page)
    return page.replace("</body>", f'<script nonce="{nonce}">{script}</script></body>')


def test_search_and_sorting_work(tmp_path):
    tables = PoisonedTables("草堂")
    names = ("三台县潼川镇", "平武县龙安镇", "梓潼县石牛镇")
    tables.tables["units"] = [
        poison("units", "草堂", order=number, unit_id=name, name_full=name, remark=None, award=None)
        for number, name in enumerate(names, 1)
    ]
    script = """
      const listing = document.querySelector("[data-listing]");
      const [order] = listing.querySelectorAll("thead th");
      order.firstElementChild.click();
      order.firstElementChild.click();
      const search = listing.querySelector("input");
      search.value = "县 石牛";
      search.dispatchEvent(new Event("input"));
      const cells = [...listing.querySelectorAll("tbody tr")];
      document.title = [
        order.getAttribute("aria-sort"),
        cells.map((row) => row.cells[0].textContent.trim()).join(""),
        cells.filter((row) => !row.hidden).map((row) => row.cells[1].textContent.trim()).join(),
        listing.querySelector("output").textContent,
      ].join("|");
    """
    dom = dump_dom(drive(write_report(load_report_view(tables, "zh")), script), tmp_path)
    assert "<title>descending|321|梓潼县石牛镇|1 / 3</title>" in dom


def test_nothing_is_wider_than_a_telephone(tmp_path):
    page = write_report(load_report_view(PoisonedTables("草堂社区" * 30 + "x" * 300), "zh"))
    frame = '<iframe id="inner" style="width:390px;height:800px;border:0"></iframe>'
    # srcdoc shares the origin of the outer page, so that its layout can be read.
    script = """
      const inner = document.getElementById("inner");
      inner.onload = () => { const root = inner.contentDocument.documentElement;
        document.title = `${root.clientWidth} ${root.scrollWidth}`; };
      inner.srcdoc = document.getElementById("page").value;
    """
    escaped = page.replace("&", "&amp;").replace("<", "&lt;")
    outer = (
        f"<!doctype html><html><head><title></title></head><body>{frame}"
        f'<textarea id="page">{escaped}</textarea><script>{script}</script></body></html>'
    )
    (title,) = re.findall(r"<title>([^<]*)</title>", dump_dom(outer, tmp_path))
    width, needed = map(int, title.split())
    assert 300 < width <= 390
    assert needed <= width
