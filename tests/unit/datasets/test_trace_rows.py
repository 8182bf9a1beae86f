from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from datasets.build import BuildOptions, build
from datasets.edits import UNEXPLAINED, Passage, find_printed
from datasets.read import Snapshot, open_snapshot
from datasets.report.trace_page import write_trace_page
from datasets.trace import RowTrace, trace_row
from extract.page import Page
from extract.page_lines import read_page_lines
from normalize.clean import clean_lines
from normalize.errors import GongshiError
from warc_bytes import Warc

NOTICE = """<html><head><meta charset="utf-8"><title>四川省城鄉社區治理試點名單公示</title></head>
<body><h1>關(guān)於公布四川省第三批城鄉(xiāng)社區(qū)治理試點單位的通知</h1>
<p>發(fā)布時(shí)間: 2022-04-06 11:15 來(lái)源: 四川省民政廳(tīng)</p>
<p>各市(州)民政局: 現(xiàn)將第三批城鄉(xiāng)社區(qū)治理試點(diǎn)社區(qū)名單予以公布,</p>
<p>具體名單見(jiàn)附件,請各地認真組織實(shí)施,加強指導(dǎo)。</p>
<p>綿陽(yáng)市:三臺縣(xiàn)潼川鎮(zhèn)草堂社區(qū)、三臺縣(xiàn)潼川鎮(zhèn)古城社區(qū)。</p>
<p><a href="list.xlsx">附件:試點(diǎn)單位名單.xlsx</a></p>
<p>四川省民政廳(tīng)</p><p>2022年4月6日</p></body></html>"""
URL = "http://mzt.example.cn/notice/3.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(path: Path) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "名單"
    for row in (("序號", "城市", "社區名稱"), (1, "綿陽市", "平武縣古城鎮古城社區")):
        sheet.append(row)
    book.save(path)
    return path.read_bytes()


THREAD = (
    "标题: 第三批社区治理试点名单\n作者: 山里人 时间: 2022-4-6 11:15\n"
    "绵阳市三台县潼川镇草堂社区入选第三批城乡社区治理试点\n"
    "作者: 河边人 时间: 2022-4-6 12:22\n三臺縣(xiàn)潼川鎮(zhèn)草堂社區(qū)不錯(cuò)\n"
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("traced")
    warc = Warc().info(gongshi_run="0f3c9a1b2d4e5f60", gongshi_kind="crawl")
    warc.response(URL, NOTICE.encode(), Content_Type="text/html")
    content = workbook(folder / "list.xlsx")
    warc.response(URL.replace("3.html", "list.xlsx"), content, Content_Type=XLSX)
    warc.add("resource", "file:///thread.txt", THREAD.encode(), "text/plain")
    warc.response("http://mzt.example.cn/gone", status="404 Not Found")
    warc.save(folder / "data" / "warc" / "demo" / "a.warc.gz")
    build(folder / "data", {}, BuildOptions(accept=True, key_file=folder / "key"))
    return folder / "data"


def trace(data: Path, spec: str) -> RowTrace:
    return trace_row(open_snapshot(data), data, spec, {})


def first(data: Path, table: str, query: str = "") -> str:
    frame = open_snapshot(data).pandas(table)
    frame = frame.query(query) if query else frame
    return f"{table}/{frame.iloc[0, 0]}"


def test_a_unit_leads_over_its_edits_to_what_was_printed_and_to_the_bytes(data: Path) -> None:
    found = trace(data, first(data, "units", "src == 'body' and village == '草堂社区'"))
    assert found.passage
    assert found.printed
    assert found.passage.text[found.passage.start : found.passage.end] == found.row["name_raw"]
    assert found.printed.text == "三臺縣(xiàn)潼川鎮(zhèn)草堂社區"
    edits = [(edit.old, edit.new, edit.kind) for edit in found.printed.edits]
    assert ("(qū)", "", "pinyin_annotation") in edits
    assert ("區", "区", "script") in edits
    (fetch,) = found.fetches
    assert (fetch["url"], fetch["status"]) == (URL, 200)
    path = data / fetch["warc_file"]
    record = path.read_bytes()[fetch["warc_offset"] :][: fetch["warc_length"]]
    assert record.startswith(b"\x1f\x8b")


def test_a_unit_of_a_file_tells_file_sheet_and_cell(data: Path) -> None:
    found = trace(data, first(data, "units", "src.str.startswith('files')"))
    assert found.file
    assert (found.file.name, found.file.sheet, found.file.row) == ("list.xlsx", "名單", "2")
    assert found.file.column == 2
    assert [fetch["url"][-9:] for fetch in found.fetches] == ["ce/3.html", "list.xlsx"]
    assert found.printed
    assert UNEXPLAINED not in {edit.kind for edit in found.printed.edits}
    assert "平武縣古城鎮古城社區" in found.printed.text


def test_a_mention_stands_in_the_text_of_its_comment(data: Path) -> None:
    found = trace(data, first(data, "mentions"))
    comment = trace(data, first(data, "comments"))
    assert found.passage
    assert comment.passage
    assert found.passage.owner == comment.passage.owner == f"comments/{comment.row_id}"
    assert found.passage.text[found.passage.start : found.passage.end] == found.row["surface"]
    assert comment.passage.printed == "三臺縣(xiàn)潼川鎮(zhèn)草堂社區(qū)不錯(cuò)"
    assert comment.printed
    assert ("(qū)", "pinyin_annotation") in [(e.old, e.kind) for e in comment.printed.edits]


def test_every_row_of_every_table_can_be_traced(data: Path) -> None:
    snapshot = open_snapshot(data)
    for resource in snapshot.manifest["resources"]:
        name = resource["name"]
        for row_id in snapshot.table(name).column(0).to_pylist()[:12]:
            found = trace_row(snapshot, data, f"{name}/{row_id}", {})
            assert found.row_id == row_id
            page = write_trace_page(found)
            assert "<script" not in page
            kinds = {edit.kind for edit in found.printed.edits} if found.printed else set()
            assert UNEXPLAINED not in kinds, (name, row_id)
            if name in ("documents", "units", "figures", "comments", "threads"):
                assert found.fetches
                assert found.passage


def test_a_fetch_without_a_page_is_traced(data: Path) -> None:
    found = trace(data, first(data, "fetches", "status == 404"))
    assert found.fetches == (found.row,)
    assert found.passage is None


def test_a_unique_beginning_of_an_id_will_do(data: Path) -> None:
    whole = first(data, "units")
    assert f"units/{trace(data, whole[:18]).row_id}" == whole
    assert f"units/{trace(data, whole.partition('/')[2].upper()).row_id}" == whole


def test_an_unknown_row_is_told_with_the_nearest(data: Path) -> None:
    whole = first(data, "units")
    wrong = whole[:-1] + ("0" if whole[-1] != "0" else "1")
    with pytest.raises(GongshiError, match=f"no row '.*' in table units .* nearest are {whole}"):
        trace(data, wrong)
    with pytest.raises(GongshiError, match="no row 'x' in the tables"):
        trace(data, "x")
    with pytest.raises(GongshiError, match="names no row"):
        trace(data, "units/")
    with pytest.raises(GongshiError, match="several rows begin with 'places/0'"):
        trace(data, "places/0")


def test_an_archive_that_is_gone_is_noted(data: Path, tmp_path: Path) -> None:
    snapshot: Snapshot = open_snapshot(data)
    found = trace_row(snapshot, tmp_path, first(data, "units", "src == 'body'"), {})
    assert found.printed
    assert "社區" in found.printed.text
    assert any("cannot be read" in note for note in found.notes)


# The edits of a span


def test_the_edits_of_a_page_are_cut_to_the_span() -> None:
    printed = ["城鄉(xiāng)", "", "三臺縣 潼川鎮", "社區(qū)治理", "社區(qū)"]
    clean = clean_lines(printed)
    text, before = "\n".join(clean.lines[2:4]), "\n".join(printed[2:4])
    start = text.index("社区")
    found = find_printed(Passage("text", text, before, start, start + 2), [lambda: clean])
    assert (found.text, found.start) == ("社區", before.index("社區"))
    assert [edit.old for edit in found.edits] == ["(qū)", "區"]


def test_a_span_over_lines_takes_the_edits_of_all() -> None:
    clean = clean_lines(["三臺縣", "潼川鎮"])
    found = find_printed(Passage("text", "三台县\n潼川镇", "三臺縣\n潼川鎮", 1, 7), [lambda: clean])
    assert found.text == "臺縣\n潼川鎮"
    assert "".join(edit.new for edit in found.edits) == "台县镇"


def test_unchanged_lines_ask_for_no_page() -> None:
    def fail() -> None:
        raise AssertionError

    found = find_printed(Passage("text", "一\n社区", "一 \n社区", 2, 4), [fail])
    assert (found.text, found.edits) == ("社区", ())


def test_what_nothing_explains_is_called_so() -> None:
    found = find_printed(Passage("text", "甲丙丁", "甲乙丁", 0, 3), [lambda: clean_lines(["甲"])])
    (edit,) = found.edits
    assert (edit.old, edit.new, edit.kind, edit.confidence) == ("乙", "丙", UNEXPLAINED, 0.0)
    assert find_printed(Passage("text", "", "", 0, 0)).text == ""
    assert find_printed(Passage("text", "甲\n乙", "丙", 0, 3)).text == "丙"


def test_lines_of_a_page_are_read_as_extraction_reads_them() -> None:
    page = Page(NOTICE.encode(), URL, "text/html", None, datetime(2022, 4, 6, tzinfo=UTC))
    assert (
        "绵阳市:三台县潼川镇草堂社区、三台县潼川镇古城社区。"
        in read_page_lines(page, None).lines.clean.lines
    )


# The page for people


def test_hostile_text_stays_text() -> None:
    payload = "</div><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    text = f"一{payload}二"
    passage = Passage("text", text, text, 1, 1 + len(payload), "documents/a")
    document = {"title": payload, "doc_id": "a"}
    fetch = dict.fromkeys(("warc_file", "payload_digest", "warc_offset", "warc_length"), payload)
    fetch |= {"url": "javascript:alert(1)", "status": 0, "reason": payload}
    fetch["fetched_at"] = datetime(2022, 4, 6, tzinfo=UTC)
    found = RowTrace(
        payload, "units", payload, {payload: payload}, passage, find_printed(passage), document,
        fetches=(fetch,), notes=(payload,),
    )  # fmt: skip
    page = write_trace_page(found)
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "default-src 'none'" in page
    assert '一<mark id="span">&lt;/div&gt;' in page
