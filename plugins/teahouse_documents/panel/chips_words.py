"""What the chips and their sheet say of collections and filters."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse import Translator
from teahouse.language import listed
from teahouse_documents.phrases import in_a_row, name_of
from teahouse_documents.retrieval.chosen import ALL
from teahouse_documents.retrieval.filtering import AGE, suffixes_of

_ = Translator("teahouse_documents")

AGES = ("", "7d", "1m", "6m", "1y")
"""Offered in a click; any other is written."""


def collection_in_words(name: str) -> str:
    """What a chip says."""
    return _("All collections") if name == ALL else name


def filters_in_words(folder: str, types: str, since: str) -> str:
    """All filters in one line; empty where there is none."""
    endings = listed(suffix.removeprefix(".").upper() for suffix in suffixes_of(types))
    return in_a_row(
        (endings, name_of(folder.strip().rstrip("/\\")) if folder.strip() else "", age_in_words(since))
    )


def age_in_words(since: str) -> str:
    """`last 7 days`, `since 2024-05-31`; empty for no limit."""
    found = AGE.fullmatch(since.strip())
    if found is None:
        return _("since {day}").format(day=since.strip()) if since.strip() else ""
    count, unit = int(found[1]), found[2].lower()
    if count == 1:
        words = {"d": _("last day"), "w": _("last week"), "m": _("last month"), "y": _("last year")}
        return words[unit]
    words = {
        "d": _("last {count} days"),
        "w": _("last {count} weeks"),
        "m": _("last {count} months"),
        "y": _("last {count} years"),
    }
    return words[unit].format(count=count)


def choices_of_age() -> list[tuple[str, str]]:
    """(value, words) of what is offered."""
    return [(one, capital(age_in_words(one)) if one else _("Any time")) for one in AGES]


def capital(words: str) -> str:
    """The first letter large."""
    return words[:1].upper() + words[1:]


def spoken(names: Sequence[str], filters: str) -> str:
    """The whole choice, for a tool tip."""
    where = listed(collection_in_words(name) for name in names) or _("none")
    said = _("Documents of this conversation: {names}").format(names=where)
    return in_a_row((said, filters))
