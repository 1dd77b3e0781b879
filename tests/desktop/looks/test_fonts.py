from __future__ import annotations

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QImage, QPainter, QTextLayout
from PySide6.QtWidgets import QApplication

from teahouse_desktop.looks import fonts

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


def ink(text: str, font: QFont) -> int:
    """How much black a text is drawn with."""
    picture = QImage(400, 40, QImage.Format.Format_Grayscale8)
    picture.fill(255)
    painter = QPainter(picture)
    painter.setFont(font)
    painter.drawText(5, 28, text)
    painter.end()
    return sum(255 - value for value in bytes(picture.constBits()))


def test_han_beside_latin_letters_does_not_look_bold(qapp: QApplication) -> None:
    if "Noto Sans CJK SC" not in QFontDatabase.families():
        pytest.skip("fonts-noto-cjk is not installed")
    usual, fitted, bold = (fonts.text_font(QFont()) for _number in range(3))
    fitted.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    bold.setWeight(QFont.Weight.DemiBold)
    drawn = ink(HAN, usual)
    assert 0 < drawn <= ink(HAN, fitted) < ink(HAN, bold)
    assert drawn == ink(HAN, fonts.text_font(QFont(), "zh_CN"))  # in both languages alike
    assert usual.hintingPreference() is QFont.HintingPreference.PreferNoHinting


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


@pytest.mark.parametrize(
    "own", ["DejaVu Serif", "Noto Sans CJK JP", "Noto Serif CJK JP", "Noto Sans Mono CJK KR"]
)
@pytest.mark.parametrize("kind", ["text", "mono"])
def test_an_own_font_leaves_han_text_in_a_chinese_face(qapp: QApplication, kind: str, own: str) -> None:
    if not {"Noto Sans CJK SC", own} <= set(QFontDatabase.families()):
        pytest.skip(f"{own} is not installed")
    font = fonts.text_font(QFont(), own=own) if kind == "text" else fonts.mono_font(10, own)
    found = faces(f"ab {HAN} cd", font)
    assert not any("JP" in face or "KR" in face for face in found), found
    assert any("SC" in face for face in found), found


def test_an_own_font_is_taken_and_its_size_grows(qapp: QApplication) -> None:
    if "DejaVu Serif" not in QFontDatabase.families():
        pytest.skip("DejaVu Serif is not installed")
    font = fonts.text_font(QFont(), own="DejaVu Serif", factor=1.5)
    assert faces("Tea", font) == {"DejaVu Serif"}
    assert font.pointSizeF() == 1.5 * fonts.text_font(QFont()).pointSizeF()


def test_a_font_that_is_not_here_any_more_counts_for_nothing(qapp: QApplication) -> None:
    assert fonts.text_font(QFont(), own="No Such Font").families() == fonts.text_font(QFont()).families()


def test_only_fonts_that_leave_han_text_chinese_are_offered(qapp: QApplication) -> None:
    offered = fonts.offered()
    assert offered
    assert not [family for family in offered if fonts.is_foreign_han(family)]
    assert not [family for family in offered if family.endswith((" JP", " KR", " TC", " HK"))]
    fixed = fonts.offered(is_fixed=True)
    assert set(fixed) < set(offered)


@pytest.mark.parametrize(
    ("family", "is_foreign"),
    [("Noto Sans CJK SC", False), ("Noto Sans CJK JP", True), ("PingFang TC", True),
     ("Microsoft YaHei", False), ("Heiti SC", False), ("Heiti TC", True),
     ("LXGW WenKai", False), ("Inter", False)],
)  # fmt: skip
def test_faces_are_known_by_their_names(qapp: QApplication, family: str, is_foreign: bool) -> None:
    assert fonts.is_foreign_han(family) is is_foreign
