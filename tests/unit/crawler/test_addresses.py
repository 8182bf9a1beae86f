"""Addresses of one page are one address, and addresses without end are not followed."""

from datetime import date

import pytest

from crawler.addresses import address_key, canonical_address, find_trap

TODAY = date(2024, 5, 1)
BOARD = "http://a.cn/forum.php?"
FILE = BOARD + "mod=attachment&aid={}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn", "http://a.cn/"),
        ("http://A.CN:80/x", "http://a.cn/x#top"),
        ("https://a.cn:443/x", "https://a.cn/x"),
        ("http://a.cn/x?b=1&a=2", "http://a.cn/x?a=2&b=1&"),
        ("http://a.cn/%e5%90%8d", "http://a.cn/%E5%90%8D"),
        ("http://a.cn/x;jsessionid=1A2B?p=1", "http://a.cn/x?p=1"),
        ("http://a.cn/x?PHPSESSID=1a2b&p=1", "http://a.cn/x?p=1"),
        ("http://a.cn/t.php?tid=7&sid=Ab12Cd", "http://a.cn/t.php?tid=7"),
        ("http://a.cn/x?utm_source=weixin", "http://a.cn/x"),
        ("http://a.cn/x?ASPSESSIONIDQQ=abc", "http://a.cn/x"),
        (f"{BOARD}mod=viewthread&tid=7&extra=page%3D3", f"{BOARD}mod=viewthread&tid=7&page=1"),
        (f"{BOARD}mod=forumdisplay&fid=2&page=1", f"{BOARD}fid=2&mod=forumdisplay"),
        ("http://a.cn/thread-7-2-1.html", "http://a.cn/thread-7-2-13.html"),
        (
            FILE.format("MTJ8YWJjZGVmMDF8MTcxNDUwMDAwMHwwfDc%3D"),
            FILE.format("MTJ8MDEyMzQ1Njd8MTcxNDU4NjQwMHwwfDc%3D"),
        ),
    ],
)
def test_same_page(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/x", "https://a.cn/x"),
        ("http://a.cn/x", "http://a.cn/X"),
        ("http://a.cn:8080/", "http://a.cn/"),
        ("http://a.cn/x?sid=12", "http://a.cn/x?sid=13"),
        ("http://a.cn/x?sid=shequ", "http://a.cn/x?sid=jiedao"),
        ("http://a.cn/x?p=1", "http://a.cn/x?p=2"),
        ("http://a.cn/x;p=1", "http://a.cn/x;p=2"),
        ("http://a.cn/x?a=1&a=2", "http://a.cn/x?a=1"),
        (f"{BOARD}mod=viewthread&tid=7&page=2", f"{BOARD}mod=viewthread&tid=7"),
        (f"{BOARD}mod=viewthread&tid=7&authorid=3", f"{BOARD}mod=viewthread&tid=7"),
        ("http://a.cn/thread-7-1-1.html", "http://a.cn/thread-7-2-1.html"),
        ("http://a.cn/list.php?page=1", "http://a.cn/list.php"),
        (
            FILE.format("MTJ8YWJjZGVmMDF8MTcxNDUwMDAwMHwwfDc%3D"),
            FILE.format("MTN8YWJjZGVmMDF8MTcxNDUwMDAwMHwwfDc%3D"),
        ),
        (FILE.format("MTI"), FILE.format("MTM")),
    ],
)
def test_other_page(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


def test_source_names_parameters_that_do_not_count() -> None:
    assert canonical_address("http://a.cn/x?from=app&id=3", ("from",)) == "http://a.cn/x?id=3"


@pytest.mark.parametrize(
    ("url", "trap"),
    [
        ("http://a.cn/calendar/2031/05/", "trap_calendar"),
        ("http://a.cn/rili/2031-05", "trap_calendar"),
        ("http://a.cn/list.php?year=1788&month=3", "trap_calendar"),
        ("http://a.cn/list.php?date=20310501", "trap_calendar"),
        ("http://a.cn/" + "x" * 2000, "trap_long_address"),
        ("http://a.cn/" + "/".join("abcdefghijklmnopqrstuvw"), "trap_deep_path"),
        ("http://a.cn/news/news/news/1.html", "trap_repeated_path"),
        ("http://a.cn/a/b/c/a/b/c/a/b/c/", "trap_repeated_path"),
    ],
)
def test_trap_is_named(url: str, trap: str) -> None:
    assert find_trap(url, TODAY) == trap


@pytest.mark.parametrize(
    "url",
    [
        "http://a.cn/art/2024/5/1/art_5678_1.html",
        "http://a.cn/thread/5678/11",
        "http://a.cn/t.php?tid=5678&page=2",
        "http://a.cn/calendar/2025/05/",
        "http://a.cn/calendar/1999/05/",
        "http://a.cn/list.php?date=20240501",
        "http://a.cn/x?yearly=2099",
        "http://a.cn/news/news/1.html",
        "http://a.cn//x//y//1.html",
        "http://a.cn/11/11/2.html",
    ],
)
def test_plain_address_is_no_trap(url: str) -> None:
    assert find_trap(url, TODAY) is None
