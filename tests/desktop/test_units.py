"""Places as Qt counts them, against Qt's own counting."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument

from teahouse_desktop.units import before, units


@pytest.mark.parametrize("text", ["", "tea", "茶", "😀 tea", "a😀b😀"])
def test_a_text_is_as_long_as_qt_says(text: str) -> None:
    document = QTextDocument(text)
    assert units(text) == document.characterCount() - 1
    cursor = QTextCursor(document)
    for length in range(len(text) + 1):
        assert before(text, cursor.position()) == text[:length]
        cursor.movePosition(QTextCursor.MoveOperation.NextCharacter)


def test_half_a_character_is_counted_and_never_returned_alone() -> None:
    assert units("a\ud83d") == 2
    assert before("a😀", 2) == "a"
    assert before("a\ud83db", 3) == "ab"
