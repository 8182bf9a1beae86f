import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest
from docx import Document

from attachment_files import HEADER, NAMES, ROWS, TITLE, make_docx, make_old_word, make_zip
from datasets import office
from datasets.index import index_archive
from datasets.office import convert_document, convert_file, find_converter
from datasets.pages import PageReader
from datasets.time_limit import OutOfTimeError, time_limit
from extract.attachments.contents import AttachmentError
from extract.attachments.read import read_attachment
from gongshi.saved_pages import find_beside
from warc_bytes import Warc

WHICH = shutil.which
Install = Callable[[str, str], Path]
# Finds the folder for its output and the documents among what it is called with, as soffice does.
SOFFICE = """
while [ $# -gt 0 ]; do case "$1" in
  --outdir) out="$2"; shift ;;
  *.doc) cp "{made}" "$out/$(basename "$1" .doc).docx" ;;
esac; shift; done
"""
DOCBOOK = f"""<?xml version="1.0"?><book><bookinfo><author>x</author></bookinfo><chapter><title/>
<para>{TITLE}</para><para><informaltable><tgroup cols="4"><colspec/><tbody>{{rows}}</tbody></tgroup>
</informaltable></para></chapter></book>"""


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let only what a test installs be found, and its temporary folders be seen."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.setattr(shutil, "which", lambda name: _find_in(tmp_path / "bin", name))
    for found in (find_converter, office._find_confinement):
        found.cache_clear()
    yield
    for found in (find_converter, office._find_confinement):
        found.cache_clear()
    assert list((tmp_path / "tmp").iterdir()) == []


def _find_in(folder: Path, name: str) -> str | None:
    return str(folder / name) if (folder / name).exists() else None


@pytest.fixture
def install(tmp_path: Path) -> Install:
    def install(name: str, script: str) -> Path:
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return program

    return install


@pytest.fixture
def soffice(install: Install, tmp_path: Path) -> Path:
    made = tmp_path / "made.docx"
    made.write_bytes(make_docx())
    return install("soffice", SOFFICE.format(made=made))


def rows_of(data: bytes, name: str) -> list[list[str]]:
    (text,) = read_attachment(data, name)
    return [["".join(cell.itertext()).strip() for cell in row] for row in text.root.iter("tr")]


def test_without_a_converter_documents_stay_and_their_reader_says_what_to_install() -> None:
    data = make_old_word()
    assert find_converter() is None
    assert convert_document(data, "list.doc") is None
    with pytest.raises(AttachmentError, match=r"list\.doc .* install LibreOffice or antiword") as e:
        read_attachment(convert_file(data, "list.doc"), "list.doc")
    assert e.value.code == "attachment_needs_converter"


@pytest.mark.parametrize("name", ["list.doc", "名单.wps", "; touch x $(touch y).doc"])
def test_a_document_becomes_a_docx_and_keeps_its_name(soffice: Path, name: str) -> None:
    converted = convert_file(make_old_word(), name)
    assert converted == make_docx() or converted.startswith(b"PK")
    assert len(rows_of(converted, name)) == len(NAMES) + 1


def test_the_profile_is_new_and_forbids_macros(install: Install, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    install("soffice", f'echo "$@" >{seen}; env >>{seen}; cat profile/user/*.xcu >>{seen}')
    with pytest.raises(AttachmentError):
        convert_document(make_old_word(), "list.doc")
    told = seen.read_text(encoding="utf-8")
    for wanted in ("--headless", "-env:UserInstallation=file://", "--infilter=MS Word 97", "0.doc"):
        assert wanted in told
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in told
    assert f"HOME={tmp_path / 'tmp'}" in told


def test_what_is_no_document_never_meets_the_converter(install: Install, tmp_path: Path) -> None:
    install("soffice", f"touch {tmp_path / 'ran'}")
    encrypted = make_old_word(encrypted=True)
    for data in (b"", b"%PDF-1.4", b"text", b"PK\x03\x04broken", make_docx(), encrypted):
        assert convert_document(data, "list.doc") is None
        assert convert_file(data, "list.doc") == data
    assert not (tmp_path / "ran").exists()


def test_documents_in_an_archive_are_converted_in_one_run(
    install: Install, soffice: Path, tmp_path: Path
) -> None:
    count = tmp_path / "count"
    install("soffice", soffice.read_text(encoding="utf-8") + f"echo run >>{count}")
    packed = make_zip({"a/1.doc": make_old_word(), "2.wps": make_old_word(), "3.txt": b"three"})
    texts = read_attachment(convert_file(packed, "all.zip"), "all.zip")
    assert [text.name for text in texts] == ["all.zip/a/1.doc", "all.zip/2.wps", "all.zip/3.txt"]
    assert count.read_text(encoding="utf-8") == "run\n"


def test_a_failing_converter_is_told(install: Install) -> None:
    install("soffice", "exit 0")
    with pytest.raises(AttachmentError, match=r"list\.doc could not be converted") as error:
        convert_document(make_old_word(), "list.doc")
    assert error.value.code == "attachment_not_converted"


def test_a_converter_is_killed_with_its_children(
    install: Install, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pid = tmp_path / "pid"
    install("soffice", f"(sleep 300 & echo $! >{pid}; wait) & wait")
    monkeypatch.setattr(office, "CONVERTER_SECONDS", 0.5)
    start = monotonic()
    with pytest.raises(AttachmentError, match="took soffice more than"):
        convert_document(make_old_word(), "list.doc")
    assert monotonic() - start < 20
    assert_gone(int(pid.read_text()))


def test_the_time_of_a_page_ends_its_converter(install: Install, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    install("soffice", f"echo $$ >{pid}; sleep 300")
    with pytest.raises(OutOfTimeError), time_limit(1):
        convert_document(make_old_word(), "list.doc")
    assert_gone(int(pid.read_text()))


def assert_gone(pid: int) -> None:
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        state = Path(f"/proc/{pid}/stat")
        if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
            return
        sleep(0.05)
    pytest.fail("the converter's child lives on")


def test_too_much_output_is_cut_off_and_told(
    install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "MAX_FILE_BYTES", 1000)
    install("antiword", "head -c 5000 /dev/zero")
    with pytest.raises(AttachmentError, match="could not be converted"):
        convert_document(make_old_word(), "list.doc")


def test_too_large_a_document_is_left_alone(soffice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_MOST_BYTES", 1000)
    with pytest.raises(AttachmentError) as error:
        convert_document(make_old_word(), "list.doc")
    assert error.value.code == "attachment_too_large"


def test_antiword_gives_paragraphs_and_tables(install: Install, tmp_path: Path) -> None:
    rows = "".join(
        f"<row>{''.join(f'<entry>{cell}</entry>' for cell in row)}</row>" for row in (HEADER, *ROWS)
    )
    (tmp_path / "book.xml").write_text(DOCBOOK.format(rows=rows), encoding="utf-8")
    install("antiword", f"cat {tmp_path / 'book.xml'}")
    converted = convert_file(make_old_word(), "list.doc")
    assert rows_of(converted, "list.doc") == [list(row) for row in (HEADER, *ROWS)]
    assert TITLE in read_attachment(converted, "list.doc")[0].root.text_content()


def test_catdoc_gives_lines_with_tabs(install: Install) -> None:
    install("catdoc", r"printf '1 < 2\n\n序号\t单位\n1\t潼川镇\n'")
    converted = convert_file(make_old_word(), "list.doc")
    assert rows_of(converted, "list.doc") == [["序号", "单位"], ["1", "潼川镇"]]


def test_libreoffice_goes_before_antiword(install: Install) -> None:
    for name in ("catdoc", "antiword", "soffice"):
        install(name, "")
        find_converter.cache_clear()
        converter = find_converter()
        assert converter is not None
        assert converter.family == name
    assert not office.Converter("", "antiword").reads("rtf")


def test_pages_of_an_archive_get_converted_files(soffice: Path, tmp_path: Path) -> None:
    url = "http://mzt.example.cn/%E5%90%8D%E5%8D%95.doc"
    warc = Warc().info(gongshi_run="1" * 16, gongshi_kind="crawl", gongshi_source="mzt")
    warc.response(url, make_old_word(), Content_Type="application/msword")
    warc.save(tmp_path / "warc" / "mzt" / "mzt-01.warc.gz")
    reader = PageReader(tmp_path, files=index_archive(tmp_path, {}, lambda *_: None).files)
    found = reader.find_file(url)
    assert found is not None
    assert len(rows_of(found, "名单.doc")) == len(NAMES) + 1


def test_saved_pages_get_converted_files(
    soffice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.doc").write_bytes(make_old_word())
    found = find_beside(Path("1.html"))("file:///list.doc")
    assert found is not None
    assert len(rows_of(found, "list.doc")) == len(NAMES) + 1


@pytest.mark.skipif(WHICH("soffice") is None, reason="LibreOffice (soffice) is not installed here")
@pytest.mark.parametrize(("suffix", "written"), [("doc", "doc:MS Word 97"), ("rtf", "rtf")])
def test_libreoffice_reads_what_it_wrote(
    suffix: str, written: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", WHICH)
    document = Document(BytesIO(make_docx()))
    # Word wants a paragraph behind its last table.
    document.add_paragraph("特此公布")
    document.save(str(tmp_path / "list.docx"))
    profile = (tmp_path / "profile").as_uri()
    command = ["soffice", "--headless", f"-env:UserInstallation={profile}", "--convert-to", written]
    subprocess.run([*command, "list.docx"], cwd=tmp_path, check=True, timeout=120)
    old = (tmp_path / f"list.{suffix}").read_bytes()
    assert convert_document(old, "list") is not None
    rows = rows_of(convert_file(old, f"list.{suffix}"), f"list.{suffix}")
    assert [row[-1] for row in rows] == [row[-1] for row in (HEADER, *ROWS)]
