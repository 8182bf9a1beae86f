"""The words of a report in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType

from datasets.report.view import Lang

_LABELS: dict[str, tuple[str, str]] = {
    # page
    "title": ("公示数据报告", "Public notices, as data"),
    "snapshot": ("快照", "Snapshot"),
    "contents": ("目录", "Contents"),
    "overview": ("概览", "Overview"),
    "rest": ("其他", "others"),
    "unnamed": ("未注明", "not named"),
    # batch
    "numbered": ("第{}批", "batch {}"),
    "yearly": ("{}年", "{}"),
    "stated_found": ("公布数与实得数", "Stated against found"),
    "of": ("对象", "Of"),
    "stated": ("公布", "Stated"),
    "found": ("实得", "Found"),
    "share": ("比例", "Share"),
    "sum": ("合计", "Total"),
    "nothing_stated": ("原文未公布数目。", "The pages state no counts."),
    "excerpt_note": (
        "名单只是地方摘录({}),公布数可能指全部。",
        "The list is a local part ({}); the stated counts may speak of the whole.",
    ),
    "mention_note": (
        "各页只提到这一批,没有名单。",
        "The pages only speak of this batch; none holds its list.",
    ),
    "per_city": ("按市(州)", "By city"),
    "per_county": ("按县(市、区)", "By county"),
    "per_category": ("按类别", "By category"),
    "units_title": ("单位名单", "Units"),
    "search": ("查找名称、类别…", "Search names, categories…"),
    "order": ("序号", "No."),
    "name": ("单位", "Unit"),
    "kind": ("类型", "Kind"),
    "category": ("类别", "Category"),
    "provenance": ("出处", "Source"),
    "sources": ("来源文件", "Sources"),
    "warc": ("存档", "Archive"),
    "published": ("发布", "Published"),
    "span_note": (
        "“出处”中 S 后为来源序号,数字为名称在正文中的起止字位。",
        "S is the number of the source; the figures are where the name stands in its text.",
    ),
    # comparison
    "comparisons": ("批次比较", "Comparisons"),
    "proposed_decided": ("公示与公布", "proposed and decided"),
    "coverage": ("可比范围", "Compared"),
    "covers_all": ("两份名单全部", "both lists in full"),
    "covers_part": ("仅限 {}", "only {}"),
    "outside": ("未比较:前 {} 行,后 {} 行", "not compared: {} rows of the first, {} of the second"),
    "cumulative_note": (
        "各批累计:后一批未列出,不等于取消。",
        "Batches add up: absence from the later one is not a drop.",
    ),
    "before": ("前", "Before"),
    "after": ("后", "After"),
    "suspected_note": (
        "仅凭名称相似推测,须人工核对。",
        "Suspected from similar names only; to be checked by a person.",
    ),
    # threads and issues
    "threads": ("网友评论", "Comments"),
    "replies": ("回复", "replies"),
    "replies_of": ("实得 {} 条,论坛标示 {} 条", "{} found, {} stated by the forum"),
    "mention_key": ("提到名单单位", "mention listed units"),
    "other_key": ("其他回复", "other replies"),
    "peak": ("最高 {} 条", "peak {}"),
    "floor": ("{}楼", "floor {}"),
    "issues": ("待查问题", "Issues"),
    "no_issues": ("没有待查问题。", "No issues."),
    "severity": ("程度", "Severity"),
    "check": ("检查", "Check"),
    "message": ("说明", "Message"),
    "page": ("页面", "Page"),
    "more_issues": ("另有 {} 项未列出。", "{} more are not listed."),
    # tables
    "table.runs": ("运行", "runs"),
    "table.fetches": ("抓取", "fetches"),
    "table.documents": ("文档", "documents"),
    "table.announcements": ("公告", "announcements"),
    "table.units": ("单位", "units"),
    "table.figures": ("数字", "figures"),
    "table.threads": ("帖子", "threads"),
    "table.comments": ("评论", "comments"),
    "table.mentions": ("提及", "mentions"),
    "table.issues": ("问题", "issues"),
    # vocabularies of the rows
    "status.selected": ("公布", "selected"),
    "status.proposed": ("公示", "proposed"),
    "status.reconfirmed": ("保留", "reconfirmed"),
    "status.withdrawn": ("撤销", "withdrawn"),
    "status.downgraded": ("降格", "downgraded"),
    "status.completed": ("验收", "completed"),
    "status.pilot": ("试点", "pilot"),
    "status.demonstration": ("示范", "demonstration"),
    "scope.full": ("完整名单", "whole list"),
    "scope.local_excerpt": ("地方摘录", "local excerpt"),
    "scope.mention": ("仅提及", "only mentioned"),
    "change.added": ("新增", "added"),
    "change.dropped": ("退出", "dropped"),
    "change.absent": ("未再列出", "absent"),
    "change.kept": ("保留", "kept"),
    "change.moved_category": ("类别变动", "category moved"),
    "change.status_changed": ("状态变动", "status changed"),
    "change.level_shift": ("层级变动", "level shifted"),
    "change.renamed": ("更名", "renamed"),
    "change.merged": ("合并", "merged"),
    "change.split": ("分设", "split"),
    "change.suspected": ("疑似更名", "suspected renames"),
    "severity.info": ("提示", "info"),
    "severity.warning": ("注意", "warning"),
    "severity.error": ("错误", "error"),
    "kind.prefecture": ("市(州)", "prefecture"),
    "kind.county": ("县(市、区)", "county"),
    "kind.street": ("街道", "street"),
    "kind.town": ("镇", "town"),
    "kind.township": ("乡", "township"),
    "kind.community": ("社区", "community"),
    "kind.village": ("村", "village"),
    "kind.natural_village": ("自然村", "natural village"),
    "kind.corps_division": ("师", "division"),
    "kind.corps_regiment": ("团", "regiment"),
    "kind.corps_company": ("连", "company of the corps"),
    "kind.farm": ("农场", "farm"),
    "kind.museum": ("博物馆", "museum"),
    "kind.school": ("学校", "school"),
    "kind.company": ("企业", "company"),
    "kind.agency": ("机关", "agency"),
    "kind.other_org": ("其他单位", "other body"),
    "kind.tw_community": ("社區", "community (Taiwan)"),
}


def load_labels(lang: Lang) -> Mapping[str, str]:
    """Give the words of one language by key.

    >>> load_labels("en")["change.added"]
    'added'
    """
    column = 0 if lang == "zh" else 1
    return MappingProxyType({key: words[column] for key, words in _LABELS.items()})
