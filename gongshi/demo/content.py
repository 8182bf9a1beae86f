"""What the demo sites say: the invented programme and the forum thread, read from TOML."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Literal

SECTION_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Category:
    """A heading of the list with the units under it."""

    heading: str | None
    """Heading without number and count; None when the units stand under the section itself."""
    units: tuple[str, ...]
    """Full names from the city down."""
    stated: int
    """Number that the heading prints."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of units: counties, towns or villages."""

    heading: str
    """Heading without number and count. Example: `试点村(社区)`"""
    categories: tuple[Category, ...]
    """Types within the kind."""

    @property
    def found(self) -> int:
        """Number of units listed.

        >>> [section.found for section in load_programme().batches[1].sections]
        [5, 10, 22]
        """
        return sum(len(category.units) for category in self.categories)

    @property
    def of(self) -> str:
        """What the units are, as the prose counts them.

        >>> Section("试点村(社区)", ()).of
        '村(社区)'
        """
        return self.heading.removeprefix("试点")


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of the programme and the notice that announces it."""

    number: int
    """Number of the batch."""
    printed: str
    """Batch as printed. Example: `第二批`"""
    published: datetime
    """Publish time of the notice, Beijing time."""
    doc_no: str
    """Number of the official document."""
    path: str
    """Path of the notice on the site."""
    views: int
    """Views that the notice prints."""
    lines: Literal["paragraphs", "breaks"]
    """Whether the units stand in paragraphs of their own or are parted by `<br>`."""
    sections: tuple[Section, ...]
    """The list."""
    attachment: str | None = None
    """Path of the attached list."""

    def within(self, city: str) -> tuple[Section, ...]:
        """Cut the list down to the units of one city; empty categories and sections go.

        >>> [section.found for section in load_programme().batches[1].within("绵阳市")]
        [3, 4, 12]
        """
        sections = []
        for section in self.sections:
            categories = []
            for category in section.categories:
                units = tuple(name for name in category.units if name.startswith(city))
                if units:
                    categories.append(Category(category.heading, units, len(units)))
            if categories:
                sections.append(Section(section.heading, tuple(categories)))
        return tuple(sections)


@dataclass(frozen=True, slots=True)
class Programme:
    """The programme that all three sites speak of."""

    name: str
    """Name without the province. Example: `社区综合服务试点`"""
    authority: str
    """Authority that announces it."""
    batches: tuple[Batch, ...]
    """Batches, the oldest first."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post of the thread."""

    floor: int
    """Floor, the opening post being 1."""
    number: int
    """Number the forum gives the post."""
    posted: datetime
    """Time of the post, Beijing time."""
    author: str | None = None
    """Username; None for 匿名."""
    text: str = ""
    """What is said; empty for the opening post, whose text is a template, and locked posts."""
    quotes: int | None = None
    """Floor that is quoted."""
    edited: datetime | None = None
    """Time of the edit note."""
    sign: str | None = None
    """Signature under the post."""
    jammed: bool = False
    """Whether the forum mixes jammer strings into the text."""
    locked: Literal["deleted", "reply_to_see"] | None = None
    """Why the text is not shown."""


@dataclass(frozen=True, slots=True)
class DemoThread:
    """The thread about the list."""

    title: str
    """Title of the thread."""
    tid: int
    """Number of the thread."""
    fid: int
    """Number of the board."""
    board: str
    """Name of the board."""
    views: int
    """查看 as printed."""
    seen: datetime
    """When a reader looks at the thread: recent times are printed relative to it."""
    pages: tuple[tuple[Post, ...], ...]
    """Posts, page by page."""

    @property
    def posts(self) -> tuple[Post, ...]:
        """All posts in order.

        >>> thread = load_thread()
        >>> len(thread.posts), [len(page) for page in thread.pages]
        (25, [10, 10, 5])
        """
        return tuple(post for page in self.pages for post in page)


@cache
def load_programme() -> Programme:
    """Read the programme with its batches from the packaged TOML file.

    >>> [sum(section.found for section in b.sections) for b in load_programme().batches]
    [35, 37]
    """
    table = _load_toml("programme.toml")
    batches = tuple(_read_batch(batch) for batch in table["batches"])
    return Programme(table["name"], table["authority"], batches)


@cache
def load_thread() -> DemoThread:
    """Read the thread with its posts from the packaged TOML file.

    >>> load_thread().posts[2].text
    '平武县古城镇古城社区,我外婆家就在那里!'
    """
    table = _load_toml("thread.toml")
    size = table.pop("posts_per_page")
    posts = [
        Post(floor=floor, number=5_610_300 + 7 * floor, **post)
        for floor, post in enumerate(table.pop("posts"), 1)
    ]
    pages = tuple(tuple(posts[start : start + size]) for start in range(0, len(posts), size))
    return DemoThread(pages=pages, **table)


def _read_batch(table: Mapping[str, Any]) -> Batch:
    sections = tuple(
        Section(section["heading"], tuple(_read_category(c) for c in section["categories"]))
        for section in table["sections"]
    )
    return Batch(**{**table, "sections": sections})


def _read_category(table: Mapping[str, Any]) -> Category:
    units = tuple(table["units"])
    return Category(table.get("heading"), units, table.get("stated", len(units)))


def _load_toml(name: str) -> dict[str, Any]:
    text = resources.files("gongshi.demo").joinpath("pages", name).read_text("utf-8")
    return tomllib.loads(text)
