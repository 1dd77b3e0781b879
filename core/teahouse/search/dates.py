"""Dates as people type them into a search: 2026, 2026-11, 2026-11-22, >2026-11, 2026-01..2026-03.

A date is the whole day, month or year, in the time zone of the machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?[年月日]?", re.ASCII)
_SIGNED = re.compile(r"(>=|<=|>|<|≥|≤|＞|＜)?\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Span:
    """From `start_ms` up to, not with, `end_ms`; None: open."""

    start_ms: int | None
    end_ms: int | None
    is_excluded: bool = False


def read_span(text: str) -> Span | None:
    """The time that a text means; None when it means none."""
    first, dots, last = text.partition("..")
    if dots:
        start, end = _read_day(first), _read_day(last)
        if (start is None and first) or (end is None and last) or not (start or end):
            return None
        return Span(start[0] if start else None, end[1] if end else None)
    match = _SIGNED.fullmatch(text)
    found = _read_day(match[2]) if match else None
    if match is None or found is None:
        return None
    start_ms, end_ms = found
    return {
        ">": Span(end_ms, None),
        "＞": Span(end_ms, None),
        ">=": Span(start_ms, None),
        "≥": Span(start_ms, None),
        "<": Span(None, start_ms),
        "＜": Span(None, start_ms),
        "<=": Span(None, end_ms),
        "≤": Span(None, end_ms),
    }.get(match[1], Span(start_ms, end_ms))


def _read_day(text: str) -> tuple[int, int] | None:
    """First and next millisecond of a day, month or year."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        start = datetime(year or 0, month or 1, day or 1)
        return _to_ms(start), _to_ms(_next(start, month, day))
    except (ValueError, OverflowError, OSError):
        return None


def _next(start: datetime, month: int | None, day: int | None) -> datetime:
    if day is not None:
        return start + timedelta(days=1)
    if month is not None:
        return (start + timedelta(days=31)).replace(day=1)
    return start.replace(year=start.year + 1)


def _to_ms(local: datetime) -> int:
    return int(local.timestamp() * 1000)
