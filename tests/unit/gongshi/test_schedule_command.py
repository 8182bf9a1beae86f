"""`gongshi schedule`: texts that systemd, cron and scrapyd understand."""

import configparser
import shlex
from pathlib import Path

import pytest

from conftest import Run
from gongshi.schedule import read_interval, write_cron, write_scrapyd, write_systemd
from normalize.errors import GongshiError

ROOT = Path(__file__).parents[3]


def read_units(text: str) -> list[configparser.ConfigParser]:
    """The unit files of a printed schedule, in order."""
    units = []
    for part in text.split("# ~/.config/systemd/user/")[1:]:
        unit = configparser.ConfigParser(interpolation=None, comment_prefixes="#")
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read_string(part.partition("\n")[2].partition("# crontab")[0])
        units.append(unit)
    return units


def test_service_timer_and_cron_line_run_the_same_command(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "my data"
    assert run("schedule", "sichuan_mzt_notices", "--every", "6h", "--data", folder) == 0
    printed = capsys.readouterr().out
    service, timer = read_units(printed)
    command = shlex.split(service["Service"]["ExecStart"])
    assert Path(command[0]).name == "gongshi"
    assert command[1:] == ["refresh", "sichuan_mzt_notices", "--data", str(folder)]
    assert timer["Timer"]["OnUnitActiveSec"] == "360min"
    cron_line = printed.partition("# crontab -e\n")[2].splitlines()[0]
    *times, line = cron_line.split(" ", 5)
    assert times == ["17", "*/6", "*", "*", "*"]
    assert shlex.split(line) == command


def test_scrapyd_is_called_once_per_source(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("schedule", "xishu_bbs", "yybnet_news", "--data", tmp_path / "a & b") == 0
    comment, *calls = capsys.readouterr().out.strip().splitlines()[-3:]
    assert comment.startswith("# scrapyd has no timer")
    assert "gongshi build" in comment
    for source_id, call in zip(("xishu_bbs", "yybnet_news"), calls, strict=True):
        setting = f"setting=GONGSHI_DATA={tmp_path / 'a & b'}"
        assert f"spider={source_id}" in shlex.split(call)
        assert shlex.split(call)[-2:] == ["--data-urlencode", setting]


def test_scrapyd_is_called_where_the_project_is_deployed_to() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "scrapy.cfg")
    words = shlex.split(write_scrapyd(["xishu_bbs"], Path("/data")).splitlines()[-1])
    assert words[1] == config["deploy"]["url"] + "schedule.json"
    assert f"project={config['deploy']['project']}" in words


def test_unknown_source_is_named(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schedule", "sichuan_mzt_notice") != 0
    assert "sichuan_mzt_notices" in capsys.readouterr().err


@pytest.mark.parametrize("every", ["", "6", "0h", "5min", "6 h", "-1d", "1w", "99999d"])
def test_interval_that_cannot_be_kept_is_refused(every: str) -> None:
    with pytest.raises(GongshiError, match="interval"):
        read_interval(every)


@pytest.mark.parametrize(
    ("every", "times"),
    [
        ("15min", "*/15 * * * *"),
        ("1h", "17 * * * *"),
        ("12h", "17 */12 * * *"),
        ("24h", "17 3 * * *"),
        ("7d", "17 3 * * 0"),
    ],
)
def test_cron_says_parts_of_hours_and_days(every: str, times: str) -> None:
    assert write_cron("x", every, read_interval(every)).splitlines()[-1] == f"{times} x"


@pytest.mark.parametrize("every", ["25min", "5h", "2d"])
def test_cron_tells_what_it_cannot_say(every: str) -> None:
    assert write_cron("x", every, read_interval(every)).startswith("# cron cannot say")


def test_signs_that_systemd_and_cron_read_are_escaped() -> None:
    assert "ExecStart=x 100%% $$y" in write_systemd("x 100% $y", ["a"], 60)
    assert write_cron("x 100%", "1h", 60).endswith(r"x 100\%")
