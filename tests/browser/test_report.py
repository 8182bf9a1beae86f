"""The report in a real browser: hostile text, search and sorting, colours, widths, print."""

import re
import shutil

import pytest
from report_measures import FIND_CLIPPED, FIND_ODD, READ_CONTRASTS
from report_tables import UNITS, write_hostile_report, write_plain_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PWN = "document.title='PWNED';alert(1)"
PAYLOADS = (
    f"<script>{PWN}</script>",
    f"</script><script>{PWN}</script>",
    f"</style><script>{PWN}</script>",
    f"</title><script>{PWN}</script>",
    f'"><img src=x onerror="{PWN}">',
    f"' autofocus onfocus={PWN} x='",
    f"<svg onload={PWN}>",
    f"javascript:{PWN}",
    f"--><script>{PWN}</script>",
    '<link rel=stylesheet href="//127.0.0.1:9/x"><style>@import "//127.0.0.1:9/y";</style>',
    "http://127.0.0.1:9/?<iframe src=http://127.0.0.1:9/></iframe>",
    "{{ 7 * 7 }}{% raw %}",
)
REFUSED = "Content Security Policy"
UNNAMED = re.compile(
    r"- (?:button|link|searchbox|region|table|heading)(?: \[.*\])?:?$", re.MULTILINE
)
LEAST_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3, for text of any size."""
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    # Closed with the module: while it is open, no other test could run an event loop.
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def show(browser, tmp_path):
    """Open a report in a page of its own; keywords are those of Playwright's `new_context`."""
    contexts = []

    def open_page(report, watch=None, **options):
        file = tmp_path / "report.html"
        file.write_text(report, encoding="utf-8")
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        if watch:
            watch(page)
        page.goto(file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


class Watch:
    """Notes whatever a page does that a report must not do."""

    def __init__(self):
        self.dialogs, self.requests, self.errors = [], [], []

    def __call__(self, page):
        page.on("dialog", self.close)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self.note)

    def close(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def note(self, message):
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            self.errors.append(message.text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_in_every_field_stays_text(payload, show):
    watch = Watch()
    page = show(write_hostile_report(payload), watch)
    # What a reader does may wake what loading did not.
    page.get_by_role("searchbox").first.fill(payload[:20])
    page.keyboard.press("Tab")
    page.evaluate("document.querySelectorAll('summary, th button').forEach((one) => one.click())")
    assert page.title() == re.sub(r"\s+", " ", f"公示数据报告 · {payload}")
    assert (watch.dialogs, watch.errors) == ([], [])
    assert watch.requests == [page.url]
    assert page.evaluate(FIND_ODD) == []
    # The text itself is there: inert, not lost.
    for place in (".programme h3", ".health tbody", ".issues tbody", ".units tbody"):
        assert payload in page.locator(place).first.text_content()


def test_the_watch_sees_what_a_page_does(show):
    watch = Watch()
    hostile = f"<img src='http://127.0.0.1:9/x.png'><script>{PWN}; console.error('told')</script>"
    page = show(hostile, watch)
    page.wait_for_load_state()
    assert page.title() == "PWNED"
    assert watch.dialogs == ["1"]
    assert "http://127.0.0.1:9/x.png" in watch.requests
    assert "told" in watch.errors


@pytest.fixture
def page(show):
    return show(write_plain_report())


@pytest.fixture
def listing(page):
    """The list of batch 4, which stands first."""
    return page.locator("[data-listing]").first


def read_column(listing, number):
    cells = listing.locator(f"tbody tr:visible > :nth-child({number})")
    return [text.strip() for text in cells.all_inner_texts()]


def test_search_keeps_the_rows_that_hold_every_word(listing):
    listing.get_by_role("searchbox").fill("县 石牛")
    assert read_column(listing, 2) == ["绵阳市梓潼县石牛镇"]
    assert listing.locator("output").inner_text() == "1 / 4"
    listing.get_by_role("searchbox").fill("")
    assert len(read_column(listing, 2)) == 4


def test_search_takes_wide_letters_and_digits_for_narrow_ones(listing):
    listing.get_by_role("searchbox").fill(
        "\N{FULLWIDTH LATIN CAPITAL LETTER S}\N{FULLWIDTH DIGIT ONE}"
    )
    assert len(read_column(listing, 2)) == 4
    listing.get_by_role("searchbox").fill("绵阳市没有的镇")
    assert read_column(listing, 2) == []
    assert listing.locator("output").inner_text() == "0 / 4"


def test_a_search_leaves_the_other_lists_alone(page, listing):
    listing.get_by_role("searchbox").fill("石牛")
    assert len(read_column(page.locator("[data-listing]").nth(1), 2)) == 3


def test_numbers_sort_as_numbers_and_back(listing):
    header = listing.get_by_role("columnheader", name="出处")
    header.get_by_role("button").click()
    # Spans are 96, 97, 98 and 99 from the last row up; as text they stand behind "S1".
    assert read_column(listing, 1) == ["4", "3", "2", "1"]
    assert header.get_attribute("aria-sort") == "ascending"
    header.get_by_role("button").click()
    assert read_column(listing, 1) == ["1", "2", "3", "4"]
    assert header.get_attribute("aria-sort") == "descending"


def test_names_sort_by_pinyin_and_only_one_column_says_so(listing):
    listing.get_by_role("button", name="序号").click()
    listing.get_by_role("button", name="单位").click()
    # píng, sān, zǐ: code points would put 三 first.
    assert [name[3:6] for name in read_column(listing, 2)] == [
        "平武县",
        "三台县",
        "三台县",
        "梓潼县",
    ]
    states = listing.get_by_role("columnheader").evaluate_all(
        "headers => headers.map((header) => header.getAttribute('aria-sort'))"
    )
    assert states == ["none", "ascending", "none", "none", "none"]


def test_sorting_keeps_the_search(listing):
    listing.get_by_role("searchbox").fill("三台")
    listing.get_by_role("button", name="序号").click()
    listing.get_by_role("button", name="序号").click()
    assert read_column(listing, 1) == ["4", "1"]


def test_the_keyboard_reaches_search_and_sorting(page, listing):
    listing.get_by_role("searchbox").focus()
    page.keyboard.type("石牛")
    assert read_column(listing, 2) == ["绵阳市梓潼县石牛镇"]
    page.keyboard.press("Tab")
    button = listing.get_by_role("button", name="序号")
    assert button.evaluate("button => button === document.activeElement")
    assert button.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    header = listing.get_by_role("columnheader", name="序号")
    assert header.get_attribute("aria-sort") == "ascending"
    page.keyboard.press("Space")
    assert header.get_attribute("aria-sort") == "descending"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_control_and_table_has_a_name_of_its_own(lang, show):
    page = show(write_plain_report(lang))
    assert UNNAMED.findall(page.locator("body").aria_snapshot()) == []
    labels = page.get_by_role("searchbox").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(set(labels)) == len(labels) == len(UNITS)


def test_links_within_the_report_lead_somewhere(page):
    page.get_by_role("link", name="第4批").first.click()
    assert page.url.endswith("#batch-1")
    targets = page.locator("a[href^='#']").evaluate_all(
        "links => links.map((link) => [link.hash, !!document.querySelector(link.hash)])"
    )
    assert len(targets) > 5
    assert [hash for hash, is_there in targets if not is_there] == []


def test_the_report_can_be_read_without_scripts(show):
    page = show(write_plain_report(), java_script_enabled=False)
    assert page.get_by_role("searchbox").count() == 0  # what would do nothing is not shown
    for name in UNITS[1] + UNITS[4]:
        assert page.locator(".units th", has_text=name).first.is_visible()
    for words in ("缺 · 数据中没有其页面", "timeout 1", "缺 1 行"):
        assert page.get_by_text(words).first.is_visible()
    assert page.locator(".batches svg").first.is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(scheme, show):
    page = show(write_plain_report(), color_scheme=scheme)
    contrasts = page.evaluate(READ_CONTRASTS)
    assert len(contrasts) > 100
    assert [found for found in contrasts if found[0] < LEAST_CONTRAST] == []


def test_the_dark_report_is_dark(show):
    light, dark = (
        show(write_plain_report(), color_scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
        )
        for scheme in ("light", "dark")
    )
    assert min(light) > 200
    assert max(dark) < 50


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(lambda: write_plain_report("zh"), id="zh"),
        pytest.param(lambda: write_plain_report("en"), id="en"),
        pytest.param(lambda: write_hostile_report("草堂社区" * 30 + "x" * 300), id="long"),
    ],
)
@pytest.mark.parametrize("viewport", [PHONE, {"width": 1200, "height": 800}], ids=["390", "1200"])
def test_nothing_is_wider_than_the_window_or_cut_off(report, viewport, show):
    page = show(report(), viewport=viewport)
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
    assert page.evaluate(FIND_CLIPPED) == []


def test_the_measures_see_pale_and_clipped_text(show):
    style = "width: 3em; overflow: hidden; white-space: nowrap; color: #bbb; background: #fff"
    page = show(f'<!doctype html><p style="{style}">Provincial pilots of community governance</p>')
    assert page.evaluate(FIND_CLIPPED) == ["Provincial pilots of community governance"]
    ((contrast, _),) = page.evaluate(READ_CONTRASTS)
    assert 1.8 < contrast < 2


def test_print_shows_all_rows_on_white_and_no_controls(show):
    page = show(write_plain_report(), color_scheme="dark")
    closed = page.locator("details.tallies table").first
    assert not closed.evaluate("table => table.checkVisibility()")
    page.emulate_media(media="print")
    assert not page.get_by_role("searchbox").first.is_visible()
    assert not page.get_by_role("navigation").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert [found for found in page.evaluate(READ_CONTRASTS) if found[0] < LEAST_CONTRAST] == []
    assert closed.evaluate("table => table.checkVisibility()")
    assert page.pdf().startswith(b"%PDF-")
