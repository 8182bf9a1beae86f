"""`gongshi record` on a site of ours: one page is fetched with a crawl's manners, and no more."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from conftest import Run
from datasets.archive import CHINA
from notice_site import NoticeSite, serve_notices

site = pytest.fixture(serve_notices, name="site")
other_site = pytest.fixture(serve_notices, name="other_site")


@pytest.fixture(autouse=True)
def _declared(site: NoticeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing whose rules would lead a crawl to many pages, in an empty folder."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "trial_notices.toml").write_text(
        f"""
name = "试站 公示"
site = "试站"
kind = "government"
[crawl]
pattern = "listing"
start_urls = ["{site.url}/list/"]
next_links = "//a[contains(., '下一页')]"
loopback_ports = [{site.server_port}]
delay = 0
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("GONGSHI_SOURCES", str(sources))
    monkeypatch.setenv("GONGSHI_TIMEOUT", "0.5")
    monkeypatch.chdir(tmp_path)


def test_a_page_and_its_header_are_kept_and_nothing_else_is_fetched(
    run: Run, site: NoticeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tests" / "pages").mkdir(parents=True)
    assert run("record", "trial_notices", f"{site.url}/list/1.html") == 0
    assert site.seen == ["/robots.txt", "/list/1.html"]
    folder = tmp_path / "tests" / "pages" / "trial_notices" / "page_1"
    body = "<p>绵阳市</p><a href='/files/a.pdf'>附件</a>"
    assert (folder / "page.html").read_text("utf-8") == body
    head = json.loads((folder / "page.json").read_text("utf-8"))
    assert head.pop("fetched_at").endswith("+08:00")
    assert head == {"url": f"{site.url}/list/1.html", "media_type": "text/html", "charset": "utf-8"}
    captured = capsys.readouterr()
    assert f"address: {site.url}/list/1.html" in captured.out
    page = Path("tests/pages/trial_notices/page_1/page.html")
    assert f"gongshi parse {page} --source trial_notices" in captured.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources", "tests"]


def test_what_was_found_is_accepted_without_the_site(
    run: Run, site: NoticeSite, tmp_path: Path
) -> None:
    assert run("record", "trial_notices", f"{site.url}/list/2.html", "--into", tmp_path) == 0
    site.seen.clear()
    assert run("record", "trial_notices", "--accept", "--into", tmp_path) == 0
    expected = tmp_path / "trial_notices" / "page_1" / "expected.json"
    assert json.loads(expected.read_text("utf-8"))["units"] == []
    assert site.seen == []


def test_a_packed_page_is_unpacked_and_one_in_gbk_stays_as_sent(
    run: Run, site: NoticeSite, tmp_path: Path
) -> None:
    for path, case in (("/packed", "packed"), ("/list/gbk.html", "gbk")):
        run("record", "trial_notices", site.url + path, "--into", tmp_path, "--case", case)
    cases = tmp_path / "trial_notices"
    packed = (cases / "packed" / "page.html").read_text("utf-8")
    assert packed == "<a href='/files/a.pdf'>附件</a>"
    assert "涪城区".encode("gbk") in (cases / "gbk" / "page.html").read_bytes()
    assert json.loads((cases / "gbk" / "page.json").read_text("utf-8"))["charset"] is None


def test_a_recorded_page_is_parsed_with_its_address(
    run: Run, site: NoticeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("record", "trial_notices", f"{site.url}/list/gbk.html", "--into", tmp_path)
    capsys.readouterr()
    assert run("parse", tmp_path / "trial_notices" / "page_1" / "page.html", "--json") == 0
    document = json.loads(capsys.readouterr().out)["document"]
    assert (document["url"], document["source_id"]) == (
        f"{site.url}/list/gbk.html",
        "trial_notices",
    )


def test_a_redirect_is_followed_and_its_end_is_the_address(
    run: Run, site: NoticeSite, tmp_path: Path
) -> None:
    site.targets = [f"{site.url}/list/2.html"]
    assert run("record", "trial_notices", f"{site.url}/away/0", "--into", tmp_path) == 0
    head = json.loads((tmp_path / "trial_notices" / "page_1" / "page.json").read_text("utf-8"))
    assert head["url"] == f"{site.url}/list/2.html"


def test_a_case_is_never_overwritten(
    run: Run, site: NoticeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trial_notices" / "page_1").mkdir(parents=True)
    address = f"{site.url}/list/2.html"
    assert run("record", "trial_notices", address, "--into", tmp_path) == 2
    assert "is there already: name another case with --case" in capsys.readouterr().err
    assert site.seen == []
    assert run("record", "trial_notices", address, "--into", tmp_path, "--case", "second") == 0


@pytest.mark.parametrize(
    ("path", "code", "said"),
    [
        ("/secret/1.html", 3, "robots.txt of the site forbids it"),
        ("/list/9.html", 3, "answered with status 404; check the address"),
        ("/silent", 3, "did not answer in time"),
        ("/files/a.pdf", 2, "is application/pdf, no page"),
    ],
)
def test_no_page_is_told_in_one_sentence(
    run: Run, site: NoticeSite, capsys: pytest.CaptureFixture[str], path: str, code: int, said: str
) -> None:
    assert run("record", "trial_notices", site.url + path, "--into", "kept") == code
    (told,) = (line for line in capsys.readouterr().err.splitlines() if "gongshi: " in line)
    assert f"'{site.url}{path}'" in told
    assert said in told
    assert not Path("kept").exists()


def test_hours_of_rest_hold(
    run: Run, site: NoticeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "sources" / "trial_notices.toml"
    now = datetime.now(CHINA)
    rest = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    file.write_text(f'{file.read_text("utf-8")}quiet_hours = "{rest}"\n', encoding="utf-8")
    assert run("record", "trial_notices", f"{site.url}/list/2.html", "--into", "kept") == 3
    assert "in the source's quiet_hours" in capsys.readouterr().err
    assert site.seen == []


def test_no_other_place_is_asked(
    run: Run, site: NoticeSite, other_site: NoticeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = {
        "http://other.example.cn/1.html": "other.example.cn is no host of source",
        f"{other_site.url}/list/2.html": "127.0.0.1 is not a public address",
        "file:///etc/passwd": "scheme 'file' is not http or https",
    }
    for address, said in refused.items():
        assert run("record", "trial_notices", address, "--into", "kept") == 2
        assert said in capsys.readouterr().err
    site.targets = ["http://other.example.cn/", f"{other_site.url}/list/2.html"]
    for number, said in enumerate(("led to a host that is not the source's", "private network")):
        assert run("record", "trial_notices", f"{site.url}/away/{number}", "--into", "kept") == 3
        assert said in capsys.readouterr().err
    assert other_site.seen == []
    assert not Path("kept").exists()


def test_an_unknown_source_is_told_with_the_nearest(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("record", "trial_notice", "http://a.example.cn/", "--into", "kept") == 2
    assert "did you mean 'trial_notices'?" in capsys.readouterr().err
