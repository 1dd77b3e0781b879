from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtWidgets import QApplication

from teahouse_desktop.language.dates import relative_date, size_in_words
from teahouse_desktop.language.languages import Languages

pytestmark = pytest.mark.gui


def ms(*moment: int) -> int:
    return int(datetime(*moment).timestamp() * 1000)  # type: ignore[arg-type,misc]


NOW = ms(2026, 11, 19, 15, 0)


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (ms(2026, 11, 19, 9, 5), "09:05", "09:05"),
        (ms(2026, 11, 18, 23, 59), "Yesterday", "昨天"),
        (ms(2026, 11, 14, 12, 0), "Sat", "周六"),
        (ms(2026, 3, 7, 12, 0), "7 Mar", "3月7日"),
        (ms(2024, 12, 31, 12, 0), "31 Dec 2024", "2024年12月31日"),
        (ms(2026, 11, 20, 9, 0), "09:00", "09:00"),
    ],
)
def test_dates_as_people_say_them(qapp: QApplication, moment: int, english: str, chinese: str) -> None:
    languages = Languages()
    languages.show("en")
    assert relative_date(moment, now_ms=NOW) == english
    languages.show("zh_CN")
    try:
        assert relative_date(moment, now_ms=NOW) == chinese
    finally:
        languages.show("en")


def test_sizes_are_decimal(qapp: QApplication) -> None:
    Languages().show("en")
    assert size_in_words(491_400_064) == "491 MB"
    assert size_in_words(1_117_320_768) == "1.1 GB"
