from datetime import UTC, datetime

import pytest

from extract.announcement import Draft, default_status, draft_announcement, find_candidates
from extract.body import Body, join_lines
from extract.lines import read_text_lines
from extract.page_context import PageContext

SPRING = datetime(2022, 4, 6, tzinfo=UTC)


def body_of(*lines: str) -> Body:
    return join_lines(read_text_lines("\n".join(lines)).lines)


def page(title: str, area: str | None = None) -> PageContext:
    return PageContext(title, SPRING, "2022-4-6", None, area)


def find_announcements(body: Body, page: PageContext) -> list[Draft]:
    return [
        draft_announcement(candidate, default_status(candidate, body, page), body, page)
        for candidate in find_candidates(body, page)
        if candidate.is_announced
    ]


NOTICE = page("四川省民政厅关于公布第三批城乡社区治理试点单位名单的通知")


def test_official_notice() -> None:
    draft = find_announcements(body_of("现将名单予以公布。"), NOTICE)[0]
    assert (draft.programme, draft.batch, draft.batch_raw) == (
        "四川省城乡社区治理试点",
        3,
        "第三批",
    )
    assert (draft.authority, draft.level, draft.status) == (
        ("四川省民政厅",),
        "provincial",
        "selected",
    )
    assert (draft.year, draft.year_raw) == (2022, "2022-4-6")


def test_only_the_notice_itself_dates_the_announcement() -> None:
    body = body_of("四川省民政厅公布了第三批城乡社区治理试点名单。")
    report = page("绵阳这些地方入选第三批城乡社区治理试点")
    dates = [find_announcements(body, context)[0].date for context in (NOTICE, report)]
    assert dates == [SPRING, None]


def test_a_bare_office_gets_the_province_of_the_source() -> None:
    body = body_of("省民政厅近日公布了首批省级社区治理创新实验区名单。")
    draft = find_announcements(body, page("名单公布", area="浙江省/嘉兴市"))[0]
    assert (draft.authority, draft.batch) == (("浙江省民政厅",), 1)
    assert draft.programme == "浙江省社区治理创新实验区"


def test_joint_issuers_are_all_named() -> None:
    title = "四川省民政厅 四川省财政厅关于公布第二批城乡社区治理试点名单的通知"
    draft = find_announcements(body_of("附名单。"), page(title))[0]
    assert draft.authority == ("四川省民政厅", "四川省财政厅")


def test_earlier_batches_are_not_announced() -> None:
    body = body_of(
        "浙江省民政厅公布了第二批社区治理创新实验区名单。",
        "去年,海宁市已入选首批社区治理创新实验区。",
    )
    assert [d.batch for d in find_announcements(body, page("名单公布"))] == [2]


def test_national_programmes_keep_their_name() -> None:
    body = body_of("四川省民政厅转发第八批全国民主法治示范村名单。")
    draft = find_announcements(body, page("第八批全国民主法治示范村名单公布"))[0]
    assert (draft.programme, draft.level) == ("全国民主法治示范村(社区)", "national")


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("关于第三批城乡社区治理试点单位名单的公示", "proposed"),
        ("关于撤销第三批城乡社区治理试点单位称号的决定", "withdrawn"),
        ("关于公布第三批城乡社区治理试点单位名单的通知", "selected"),
    ],
)
def test_status_is_read_from_the_title(title: str, status: str) -> None:
    assert find_announcements(body_of("名单附后。"), page(title))[0].status == status


def test_stated_counts_come_from_the_sentence_of_the_batch() -> None:
    body = body_of(
        "经审核,确定成都市温江区等41个区(市、县)、150个社区作为第三批城乡社区治理试点单位,为期一年。",
        "每年选取40个左右的县开展工作。第一批已产生30个示范街道。",
    )
    draft = find_announcements(body, NOTICE)[0]
    assert [(c.of, c.n, c.scope) for c in draft.stated] == [
        ("区(市、县)", 41, "province"),
        ("社区", 150, "province"),
    ]
    assert [body.text[c.span_start : c.span_end] for c in draft.stated] == ["41", "150"]
    assert draft.term == "一年"


def test_a_count_in_the_title_speaks_of_its_place() -> None:
    title = "嘉兴市4地入选第二批省级社区治理创新实验区"
    draft = find_announcements(body_of("浙江省民政厅公布名单。"), page(title))[0]
    assert [(c.of, c.n, c.scope, c.field) for c in draft.stated] == [("地", 4, "嘉兴市", "title")]


@pytest.mark.parametrize(
    "title", ["城乡社区治理工作会议召开", "关于放假的通知", "市民政局五社联动凝心聚力", ""]
)
def test_other_pages_announce_nothing(title: str) -> None:
    body = body_of("全市3个社区被命名为全国民主法治示范社区。", "绵阳市三台县")
    assert find_announcements(body, page(title)) == []
