"""Settings that say which files answer: folder, types, date."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from teahouse.errors import SettingError
from teahouse_documents.panel.chips_words import age_in_words, filters_in_words
from teahouse_documents.retrieval.filtering import day_of, filters_of, suffixes_of
from teahouse_documents.settings import check_since
from teahouse_documents.values import Filters

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("since", "day"),
    [
        ("", None),
        (" 2024-5-31 ", date(2024, 5, 31)),
        ("7d", date(2026, 3, 24)),
        ("2w", date(2026, 3, 17)),
        ("1m", date(2026, 2, 28)),
        ("13 M", date(2025, 2, 28)),
        ("1y", date(2025, 3, 31)),
        ("9999y", date(1971, 3, 31)),
        ("9999w", date(1970, 1, 2)),
    ],
)
def test_days(since: str, day: date | None) -> None:
    assert day_of(since, today=TODAY) == day
    check_since(since)


@pytest.mark.parametrize("since", ["yesterday", "2024-02-30", "7", "-3d", "2024", "昨天"])
def test_what_is_no_day_is_refused_in_words(since: str) -> None:
    with pytest.raises(SettingError, match="is no day"):
        check_since(since)


def test_filters() -> None:
    assert filters_of("", "", "") == Filters()
    found = filters_of(" 2024 ", "PDF，.docx; *.md md", "2024-05-31")
    assert found.path_part == "2024" and found.suffixes == (".pdf", ".docx", ".md")
    assert datetime.fromtimestamp(found.since_ms / 1000) == datetime(2024, 5, 31)
    assert suffixes_of(" , ") == ()
    assert filters_of("", "", "0001-01-01") == Filters()


def test_filters_in_words() -> None:
    assert filters_in_words("", "", "") == ""
    told = filters_in_words("/home/lin/2024/", "pdf, md", "7d").replace("\u00a0", " ")
    assert told == "PDF, MD · 2024 · last 7 days"
    assert (age_in_words("1y"), age_in_words("2024-05-31")) == ("last year", "since 2024-05-31")
