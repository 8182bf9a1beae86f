import io
import json
import sys
from datetime import date
from typing import Any

import pytest

from conftest import Run
from gongshi.places import STATUSES, Question
from normalize.places import PlaceStatus

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Any:
    def feed(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return feed


def ask(run: Run, capsys: Capture, *arguments: str) -> dict[str, Any]:
    run("place", *arguments, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_every_status_is_said_in_words() -> None:
    assert set(STATUSES) == set(PlaceStatus.__args__)


def test_a_name_is_told_with_code_path_days_and_steps(run: Run, capsys: Capture) -> None:
    assert run("place", "凉山州", "绵阳市三台县潼川镇草堂社区") == 0
    out = capsys.readouterr().out
    assert "ok: one division" in out
    assert "凉山州 -> 凉山彝族自治州" in out
    assert "510722101011 (village)" in out
    assert "四川省/绵阳市/三台县/潼川镇/草堂社区居民委员会" in out
    assert "草堂社区 -> 草堂社区居民委员会" in out
    assert "since 2016-07-31" in out


def test_an_ambiguous_name_lists_its_candidates_and_ends_with_2(run: Run, capsys: Capture) -> None:
    assert run("place", "鼓楼区") == 2
    out = capsys.readouterr().out
    assert "ambiguous: several divisions fit equally" in out
    assert "320106 江苏省/南京市/鼓楼区" in out
    assert "410204 河南省/开封市/鼓楼区" in out


def test_a_context_decides_what_is_ambiguous(run: Run, capsys: Capture) -> None:
    for context in ("江苏省/南京市", "南京", "3201", "320100"):
        assert ask(run, capsys, "鼓楼区", "--in", context)["code"] == "320106"


def test_an_unknown_name_ends_with_2(run: Run, capsys: Capture) -> None:
    assert run("place", "三台县", "乌有之乡") == 2
    assert "none: no division fits" in capsys.readouterr().out


def test_a_village_no_list_has_is_the_rest_of_a_known_town(run: Run, capsys: Capture) -> None:
    answer = ask(run, capsys, "三台县潼川镇乌有社区")
    assert (answer["status"], answer["code"]) == ("approx", "510722101")
    assert answer["rest"] == "乌有社区"
    assert [flag["flag"] for flag in answer["flags"]] == ["village_unknown"]
    assert run("place", "三台县潼川镇乌有社区") == 0
    assert "village_unknown: no list has a village" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "code", "path"),
    [
        ("510722101011", "510722101011", "四川省/绵阳市/三台县/潼川镇/草堂社区居民委员会"),
        ("510722101", "510722101", "四川省/绵阳市/三台县/潼川镇"),
        ("510722101000", "510722101", "四川省/绵阳市/三台县/潼川镇"),
        ("510722000000", "510722", "四川省/绵阳市/三台县"),
        ("510722", "510722", "四川省/绵阳市/三台县"),
        ("510700", "5107", "四川省/绵阳市"),
        ("510000", "51", "四川省"),
        ("441900", "441900", "广东省/东莞市"),
    ],
)
def test_a_code_is_told_what_it_is(
    run: Run, capsys: Capture, typed: str, code: str, path: str
) -> None:
    answer = ask(run, capsys, typed)
    assert (answer["status"], answer["code"], "/".join(answer["path"])) == ("ok", code, path)


def test_a_code_no_list_has_is_not_resolved(run: Run, capsys: Capture) -> None:
    assert run("place", "510722999", "--json") == 2
    assert json.loads(capsys.readouterr().out)["status"] == "none"


def test_a_vanished_division_tells_what_it_became_and_was(run: Run, capsys: Capture) -> None:
    answer = ask(run, capsys, "新津县", "--as-of", "2022-01-01")
    assert [division["code"] for division in answer["successors"]] == ["510118"]
    assert answer["as_of"] == {
        "day": "2022-01-01",
        "divisions": [{"code": "510118", "path": ["四川省", "成都市", "新津区"]}],
    }
    assert answer["names"] == [{"name": "新津县", "from": "2016-07-31", "to": "2019-10-31"}]
    assert run("place", "江干区", "--as-of", "2022-06-01") == 0
    out = capsys.readouterr().out
    assert "became      330102 浙江省/杭州市/上城区" in out
    assert "from 2016-07-31 to 2020-06-30" in out
    assert "as of       2022-06-01" in out


def test_names_of_standard_input_become_lines_with_tabs(
    run: Run, capsys: Capture, type_in: Any
) -> None:
    type_in("\ufeff绵阳市三台县\r\n\n鼓楼区\n潼川 镇\t乌有社区\n".encode())
    assert run("place", "-", "--tsv", "--in", "四川省/绵阳市/三台县") == 2
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == ["name", "status", "code", "path", "flags"]
    assert lines[1] == ["绵阳市三台县", "ok", "510722", "四川省/绵阳市/三台县", ""]
    assert lines[2] == ["", "none", "", "", ""]
    assert lines[3][1] == "ambiguous"
    assert lines[4][0] == "潼川 镇 乌有社区"
    assert {len(line) for line in lines} == {5}


def test_blank_lines_are_kept_and_no_failure(run: Run, capsys: Capture, type_in: Any) -> None:
    type_in("三台县\n\n".encode())
    assert run("place", "-", "--tsv", "--as-of", "2022-01-01") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split("\t")[-1] == "510722"


def test_input_in_another_encoding_is_told(run: Run, capsys: Capture, type_in: Any) -> None:
    type_in("三台县".encode("gb18030"))
    assert run("place", "-") == 2
    assert "standard input is not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--on", "2022年"), "--on '2022年' is no day: write it as 2022-04-06"),
        (("--as-of", "2022-13-01"), "--as-of '2022-13-01' is no day"),
        (("--in", "乌有省"), "--in '乌有省' is not known: name a province"),
        (("--in", "三台县/乌有镇"), "--in '三台县/乌有镇' is not known"),
        (("--in", "鼓楼区"), "--in '鼓楼区' fits 4 divisions, such as 江苏省/南京市/鼓楼区"),
        (("--json", "--tsv"), "exclude each other"),
    ],
)
def test_wrong_options_are_told_in_one_sentence(
    run: Run, capsys: Capture, options: tuple[str, ...], message: str
) -> None:
    assert run("place", "潼川镇", *options) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_name_that_is_no_text_is_printed_with_a_question_mark(run: Run, capsys: Capture) -> None:
    assert run("place", "三台\udcff县") == 2
    assert "三台?县" in capsys.readouterr().out


def test_a_question_is_read_from_what_is_typed() -> None:
    question = Question.read(" ", "2022-04-06", "2016-01-01")
    assert question == Question("", date(2022, 4, 6), date(2016, 1, 1))
