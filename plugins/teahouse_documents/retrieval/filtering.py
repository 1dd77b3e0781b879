"""Which files a conversation's questions are answered from: by folder, type and date, as settings say it."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta

from teahouse_documents.values import Filters

TYPES_APART = re.compile(r"[\s,;，、；]+")
AGE = re.compile(r"(\d{1,4})\s*([dwmy])", re.IGNORECASE)
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def filters_of(folder: str, types: str, since: str, *, today: date | None = None) -> Filters:
    """The filters of three settings; empty ones let everything pass.

    Args:
        folder: What the path must contain.
        types: Endings of file names, with or without dots, with commas or spaces between them.
        since: As `day_of` takes it.
    """
    day = day_of(since, today=today)
    return Filters(suffixes=suffixes_of(types), path_part=folder.strip(), since_ms=_ms(day) if day else 0)


def suffixes_of(types: str) -> tuple[str, ...]:
    """Endings of file names in small letters, with the dot, each once."""
    names = (name.strip().lower().lstrip("*").lstrip(".") for name in TYPES_APART.split(types))
    return tuple(dict.fromkeys(f".{name}" for name in names if name))


def day_of(since: str, *, today: date | None = None) -> date | None:
    """The day that is meant; None for no limit.

    Args:
        since: A day as 2024-05-31, or how long ago: 7d, 2w, 6m, 1y (days, weeks, months, years).

    Raises:
        ValueError: It is neither.
    """
    text = since.strip()
    if not text:
        return None
    if found := DAY.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := AGE.fullmatch(text):
        return _ago(today or date.today(), int(found[1]), found[2].lower())
    raise ValueError(since)


def _ms(day: date) -> int:
    """When a day begins here; 0, which lets everything pass, for days before there were files."""
    is_known = day.year >= 1970  # some systems know no earlier time
    return max(0, round(datetime(day.year, day.month, day.day).timestamp() * 1000)) if is_known else 0


def _ago(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        return max(date(1970, 1, 2), today - timedelta(days=count * (7 if unit == "w" else 1)))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = max(1971, months // 12), months % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))
