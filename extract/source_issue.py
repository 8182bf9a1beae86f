"""What is wrong with a source as a whole, whether its crawl or its tables show it."""

from dataclasses import dataclass

from extract.records import Severity


@dataclass(frozen=True, slots=True)
class SourceIssue:
    """Something about a source, rather than about one of its pages, that a person should see."""

    source_id: str
    """Id of the source."""
    code: str
    """Short name of the check: source_silent, listing_empty, status_storm, layout_changed or
    field_missing."""
    severity: Severity
    """error where pages or values are missing, warning where they may be soon."""
    message: str
    """One sentence that says what is wrong."""
    url: str | None = None
    """Page concerned, when it is one."""
    column: str = ""
    """Column or table concerned, when it is one."""

    @property
    def is_error(self) -> bool:
        """Whether pages or values are missing, rather than that they may be soon.

        >>> SourceIssue("demo_site", "layout_changed", "warning", "").is_error
        False
        """
        return self.severity == "error"
