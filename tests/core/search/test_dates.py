"""Dates as people type them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.search.dates import read_span


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def ms(*date: int) -> int:
    return int(datetime(*date, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026", (2026, 1, 1), (2027, 1, 1)),
        ("2026-11", (2026, 11, 1), (2026, 12, 1)),
        ("2026-12", (2026, 12, 1), (2027, 1, 1)),
        ("2026-2-28", (2026, 2, 28), (2026, 3, 1)),
        ("2024/02/29", (2024, 2, 29), (2024, 3, 1)),
        ("2026年11月22日", (2026, 11, 22), (2026, 11, 23)),
        (">2026-01-01", (2026, 1, 2), None),
        (">=2026-01-01", (2026, 1, 1), None),
        ("<2026-11", None, (2026, 11, 1)),
        ("<=2026", None, (2027, 1, 1)),
        ("≥2026", (2026, 1, 1), None),
        ("2026-01..2026-03", (2026, 1, 1), (2026, 4, 1)),
        ("2026..", (2026, 1, 1), None),
        ("..2026", None, (2027, 1, 1)),
    ],
)
def test_a_date_is_the_whole_of_it(
    text: str, start: tuple[int, ...] | None, end: tuple[int, ...] | None
) -> None:
    span = read_span(text)
    assert span is not None
    assert (span.start_ms, span.end_ms) == (start and ms(*start), end and ms(*end))


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13", "2026-02-30", "26-01-01", "..", "2026..x", ">", "0000", "²026"]
)
def test_no_date(text: str) -> None:
    assert read_span(text) is None


@settings(deadline=None)
@given(st.text() | st.from_regex(r"[<>=]{0,2}\d{1,5}(-\d{1,2}){0,2}(\.\.\d{4})?", fullmatch=True))
def test_any_text_is_a_span_or_none(text: str) -> None:
    span = read_span(text)
    assert span is None or span.start_ms is not None or span.end_ms is not None
