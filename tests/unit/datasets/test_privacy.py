from pathlib import Path

import pytest

from datasets.privacy import Pseudonymizer, load_key, refuse_key_inside
from normalize.errors import GongshiError

KEY = bytes(range(32))


def test_a_name_has_another_pseudonym_on_another_site() -> None:
    names = Pseudonymizer(KEY)
    here = names.pseudonym("bbs.example.cn", "西蜀散人")
    assert here != names.pseudonym("bbs.example.com", "西蜀散人")
    assert here == names.pseudonym("bbs.example.cn", "西蜀散人")
    assert here is not None
    assert len(here) == 16


def test_site_and_name_cannot_run_into_each_other() -> None:
    names = Pseudonymizer(KEY)
    assert names.pseudonym("ab", "c") != names.pseudonym("a", "bc")


def test_another_key_gives_other_pseudonyms() -> None:
    assert Pseudonymizer(KEY).pseudonym("a", "b") != Pseudonymizer(bytes(32)).pseudonym("a", "b")


def test_nobody_stays_nobody() -> None:
    assert Pseudonymizer(KEY).pseudonym("bbs.example.cn", None) is None


def test_the_key_is_not_shown() -> None:
    assert "key" not in repr(Pseudonymizer(KEY))


def test_the_first_use_makes_a_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "config" / "key"
    key = load_key(path)
    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_key(path) == key
    assert list(path.parent.iterdir()) == [path]


def test_the_environment_names_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    path.write_bytes(KEY)
    monkeypatch.setenv("GONGSHI_KEY_FILE", str(path))
    assert load_key() == KEY


def test_without_a_name_the_key_lies_in_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GONGSHI_KEY_FILE", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_key() == (tmp_path / ".config" / "gongshi" / "key").read_bytes()


def test_an_empty_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").touch()
    with pytest.raises(GongshiError, match="holds 0 bytes: it needs 32"):
        load_key(tmp_path / "key")


def test_a_key_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(GongshiError, match="name another one in GONGSHI_KEY_FILE"):
        load_key(tmp_path / "file" / "key")


def test_a_key_inside_the_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GongshiError, match="lies inside the data folder"):
        refuse_key_inside(tmp_path / "sub" / ".." / "key", tmp_path)
    refuse_key_inside(tmp_path / "key", tmp_path / "data")
