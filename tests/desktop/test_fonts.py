from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout
from PySide6.QtWidgets import QApplication

from teahouse_desktop import fonts

pytestmark = pytest.mark.gui

HAN = "直骨角将令门复"


def faces(text: str, font: QFont) -> set[str]:
    """Families that the glyphs of a text are taken from."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return {run.rawFont().familyName() for run in layout.glyphRuns()}


@pytest.mark.parametrize("kind", ["text", "mono"])
def test_han_text_has_a_chinese_face(qapp: QApplication, kind: str) -> None:
    if "Noto Sans CJK SC" not in QFontDatabase.families():
        pytest.skip("fonts-noto-cjk is not installed")
    font = fonts.text_font(QFont()) if kind == "text" else fonts.mono_font(10)
    assert all("SC" in face for face in faces(HAN, font)), faces(HAN, font)


def test_small_desktop_fonts_become_readable(qapp: QApplication) -> None:
    small, large = QFont(), QFont()
    small.setPointSizeF(7)
    large.setPointSizeF(16)
    assert fonts.text_font(small).pointSizeF() == fonts.SMALLEST_POINTS
    assert fonts.text_font(large).pointSizeF() == 16


@pytest.mark.parametrize(("platform", "first"), [("win32", "Own"), ("darwin", "Own"), ("linux", "Inter")])
def test_windows_and_macos_keep_their_own_face(
    monkeypatch: pytest.MonkeyPatch, platform: str, first: str
) -> None:
    monkeypatch.setattr(fonts.sys, "platform", platform)
    assert fonts.text_families("Own")[0] == first
    assert "Own" in fonts.text_families("Own")
