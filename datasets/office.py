"""Turns Word's old formats into what `extract.attachments` reads, with a program installed here.

LibreOffice is asked first, then antiword and catdoc, which read .doc only. A document from
elsewhere is taken for hostile: its program runs in a folder and a profile of its own, without
macros, links and, where the kernel lets us, without network; its time, files and output are
bounded, and it is killed with all it started.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from lxml import etree

from extract.attachments.bounds import MAX_FILE_BYTES, member_name, open_archive, read_member
from extract.attachments.contents import AttachmentError
from extract.attachments.kinds import WORD_KINDS, find_kind

CONVERTER_SECONDS = 60.0
"""Seconds that one run of a converter may take."""
_MOST_BYTES = 32 * 1024 * 1024
"""Bytes of a document that is converted."""
_MOST_DOCUMENTS = 40
"""Documents of one archive that are converted."""
_PROGRAMS = (("soffice", "soffice"), ("libreoffice", "soffice"), ("antiword",) * 2, ("catdoc",) * 2)
_FILTERS = {"doc": "MS Word 97", "rtf": "Rich Text Format"}
# The shell bounds every file that is written, in blocks of 512 bytes.
_BOUNDED = ("/bin/sh", "-c", f'ulimit -c 0; ulimit -f {MAX_FILE_BYTES // 512}; exec "$@"', "sh")
_PAGE = '<html><head><meta charset="utf-8"></head><body>{}</body></html>'
_TAGS = {"informaltable": "table", "row": "tr", "entry": "td", "emphasis": "span"}
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class Converter:
    """A program that reads Word's old formats."""

    path: str
    """Where it lies. Example: `/usr/bin/soffice`"""
    family: str
    """How it is called: soffice, antiword or catdoc."""

    def reads(self, kind: str) -> bool:
        """Tell whether it reads a format.

        >>> Converter("/usr/bin/antiword", "antiword").reads("rtf")
        False
        """
        return kind == "doc" or (kind == "rtf" and self.family == "soffice")


@cache
def find_converter() -> Converter | None:
    """Find the best converter on the search path, None when there is none; asked once per process.

    >>> find_converter() is find_converter()
    True
    """
    for name, family in _PROGRAMS:
        path = shutil.which(name)
        if path:
            return Converter(path, family)
    return None


def convert_file(data: bytes, name: str) -> bytes:
    """Convert a document, or the documents in an archive; anything else is given back as it is.

    The name stays: readers go by the bytes. Raises AttachmentError like `convert_document`; in an
    archive a document that cannot be converted is left empty, which its reader then tells.

    >>> convert_file(b"%PDF-1.4", "list.pdf")
    b'%PDF-1.4'
    """
    try:
        kind = find_kind(data, name)
    except AttachmentError:
        # Encrypted or broken: the reader says so.
        return data
    if kind == "zip":
        return _convert_archive(data, name)
    return convert_document(data, name) or data


def convert_document(data: bytes, name: str) -> bytes | None:
    """Convert a .doc, .wps or .rtf into a .docx or, without LibreOffice, into HTML.

    Gives None for other formats and when no converter for the format is installed. Raises
    AttachmentError (attachment_not_converted, attachment_too_large) when the converter fails.

    >>> convert_document(b"", "list.doc") is None
    True
    """
    kind, converter = _kind_of(data), find_converter()
    if converter is None or not converter.reads(kind):
        return None
    if len(data) > _MOST_BYTES:
        message = f"{name} has {len(data)} bytes, more than {_MOST_BYTES}: it is left alone"
        raise AttachmentError("attachment_too_large", message)
    try:
        (converted,) = _convert([data], kind, converter)
    except subprocess.TimeoutExpired as error:
        message = f"{name} took {converter.family} more than {error.timeout:.0f} s to convert"
        raise AttachmentError("attachment_not_converted", message) from error
    if converted is None:
        message = f"{name} could not be converted by {converter.family}: save it as .docx"
        raise AttachmentError("attachment_not_converted", message)
    return converted


def _kind_of(data: bytes) -> str:
    """Kind by the bytes alone: a converter would take anything for text."""
    try:
        return find_kind(data, "")
    except AttachmentError:
        return ""


def _convert_archive(data: bytes, name: str) -> bytes:
    """Pack an archive anew with its documents converted, all of one kind in one run."""
    converter = find_converter()
    if converter is None or len(data) > MAX_FILE_BYTES:
        return data
    try:
        with open_archive(data, name) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            members = [(member_name(info), read_member(archive, info, name)) for info in infos]
    except AttachmentError:
        return data
    kinds = [_kind_of(content) for _, content in members]
    converted: dict[int, bytes] = {}
    for kind in filter(converter.reads, WORD_KINDS):
        chosen = [n for n, found in enumerate(kinds) if found == kind][:_MOST_DOCUMENTS]
        sizes = sum(len(members[n][1]) for n in chosen)
        if not chosen or sizes > _MOST_BYTES:
            continue
        results: Sequence[bytes | None] = [None] * len(chosen)
        with suppress(subprocess.TimeoutExpired):
            results = _convert([members[n][1] for n in chosen], kind, converter)
        converted |= {n: result or b"" for n, result in zip(chosen, results, strict=True)}
    return _pack(members, converted) if converted else data


def _pack(members: Sequence[tuple[str, bytes]], converted: dict[int, bytes]) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        packed = {member: converted.get(n, content) for n, (member, content) in enumerate(members)}
        for member, content in packed.items():
            archive.writestr(member, content)
    return target.getvalue()


def _convert(documents: Sequence[bytes], kind: str, converter: Converter) -> list[bytes | None]:
    """Convert documents of one kind; None for each that the converter did not make.

    Raises TimeoutExpired. The folder is removed whatever happens.
    """
    with TemporaryDirectory(prefix="gongshi-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # Names from elsewhere never reach a command line.
        paths = [folder / f"{number}.{kind}" for number in range(len(documents))]
        for path, data in zip(paths, documents, strict=True):
            path.write_bytes(data)
        if converter.family == "soffice":
            _run(_office_command(converter.path, folder, kind, paths), folder)
            return [_read_made(path.with_suffix(".docx")) for path in paths]
        return [_read_printed(path, converter, folder) for path in paths]


def _office_command(
    program: str, folder: Path, kind: str, paths: Sequence[Path]
) -> tuple[str, ...]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
    return (
        program,
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"-env:UserInstallation={profile.as_uri()}",
        f"--infilter={_FILTERS[kind]}",
        *("--convert-to", "docx", "--outdir", str(folder)),
        *map(str, paths),
    )


def _read_printed(path: Path, converter: Converter, folder: Path) -> bytes | None:
    """Convert with a program that prints: antiword DocBook, catdoc lines with tabs."""
    options = {"antiword": ("-m", "UTF-8.txt", "-x", "db"), "catdoc": ("-w", "-d", "utf-8")}
    _run((converter.path, *options[converter.family], str(path)), folder, path.with_suffix(".out"))
    printed = _read_made(path.with_suffix(".out"))
    if printed is None:
        return None
    body = _read_docbook(printed) if converter.family == "antiword" else _read_lines(printed)
    return _PAGE.format(body).encode() if body else None


def _read_docbook(printed: bytes) -> str:
    """HTML of the chapters of a DocBook; blocks become `div`, tables stay tables."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(printed, parser)
    if root is None:
        return ""
    etree.strip_elements(root, "colspec", "title", with_tail=False)
    etree.strip_tags(root, "tgroup", "thead", "tbody")
    chapters = list(root.iter("chapter"))
    for chapter in chapters:
        for element in chapter.iter(etree.Element):
            element.attrib.clear()
            element.tag = _TAGS.get(str(element.tag), "div")
    return "".join(etree.tostring(c, encoding="unicode", method="html") for c in chapters)


def _read_lines(printed: bytes) -> str:
    """HTML of lines: those with tabs are rows of a table."""
    parts = []
    for line in printed.decode("utf-8", "replace").splitlines():
        cells = [escape(cell) for cell in line.split("\t")]
        if len(cells) == 1:
            parts.append(f"<p>{cells[0]}</p>")
        else:
            parts.append(f"<table><tr><td>{'</td><td>'.join(cells)}</td></tr></table>")
    return "".join(parts).replace("</table><table>", "")


def _read_made(path: Path) -> bytes | None:
    try:
        return path.read_bytes() or None if path.stat().st_size <= MAX_FILE_BYTES else None
    except OSError:
        return None


def _run(command: Sequence[str], folder: Path, output: Path | None = None) -> None:
    """Run a converter to its end or kill it; TimeoutExpired when its time is over."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
    }
    with (output or Path(os.devnull)).open("wb") as printed:
        process = subprocess.Popen(  # noqa: S603 - a program found here, files named by us
            [*_find_confinement(), *_BOUNDED, *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(CONVERTER_SECONDS)
        finally:
            # LibreOffice is a shell that starts another that starts another.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@cache
def _find_confinement() -> tuple[str, ...]:
    """Command that runs another without network, empty where users may not make such a room."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return ()
    command = (unshare, "--map-root-user", "--net", "--")
    try:
        done = subprocess.run(  # noqa: S603 - all of it stands above
            [*command, "true"], capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return command if done.returncode == 0 else ()
