"""A number in its text, and the role a rule may give it."""

from dataclasses import dataclass


@dataclass(slots=True)
class Role:
    """What a number is when it is no figure."""

    start: int
    """Start of what belongs together, such as a whole date."""
    end: int
    """End of it."""
    name: str
    """Value of Figure.role. Example: `ordinal`"""
    rule: str
    """Rule that says so. Example: `ordinal_prefix`"""


@dataclass(slots=True)
class Token:
    """A number in folded text, with a view of its neighbours."""

    text: str
    """Folded text."""
    start: int
    """Start of the number."""
    end: int
    """End of the number."""

    @property
    def word(self) -> str:
        """The number as printed."""
        return self.text[self.start : self.end]

    @property
    def size(self) -> int:
        """Length of the number."""
        return self.end - self.start

    @property
    def is_arabic(self) -> bool:
        """Whether it begins with a digit 0 to 9."""
        return self.text[self.start].isascii()

    def before(self, size: int = 1) -> str:
        """Give the characters in front.

        >>> Token("第3批", 1, 2).before()
        '第'
        """
        return self.text[max(0, self.start - size) : self.start]

    def after(self, size: int = 1) -> str:
        """Give the characters behind.

        >>> Token("第3批", 1, 2).after()
        '批'
        """
        return self.text[self.end : self.end + size]

    def as_role(self, name: str, rule: str, end: int | None = None) -> Role:
        """Give the number a role, up to another end when more belongs to it.

        >>> Token("第3批", 1, 2).as_role("ordinal", "ordinal_prefix").end
        2
        """
        return Role(self.start, self.end if end is None else end, name, rule)
