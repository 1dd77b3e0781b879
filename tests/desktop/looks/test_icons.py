from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

import teahouse_desktop
from teahouse_desktop.looks.icons import known_icon, make_icon, paint_icon
from teahouse_desktop.transcript.footer import ICONS

pytestmark = pytest.mark.gui

PACKAGE = Path(teahouse_desktop.__file__).parent
FOLDER = PACKAGE / "icons"
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg"))


def used_names() -> set[str]:
    text = "".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    calls = re.findall(r"(?:make_icon|paint_icon)\(([^)]*)\)", text)
    return {name for call in calls for name in re.findall(r'"([a-z-]+)"', call)} | set(ICONS.values())


def test_every_icon_that_is_used_is_there() -> None:
    colours = {"text", "muted", "accent", "danger", "on_accent", "warning"}
    assert used_names() - colours <= set(NAMES)


def test_licence_lies_beside_the_drawings() -> None:
    assert "ISC License" in (FOLDER / "LICENSE").read_text("utf-8")
    assert "SIL Open Font License" in (PACKAGE / "typefaces" / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_icons_are_drawn_on_one_grid_with_one_stroke(name: str) -> None:
    drawing = (FOLDER / f"{name}.svg").read_text("utf-8")
    assert 'viewBox="0 0 24 24"' in drawing and 'stroke-width="2"' in drawing
    assert 'stroke-linecap="round"' in drawing and 'stroke-linejoin="round"' in drawing
    assert drawing.startswith("<!-- @license lucide"), "whose drawing is it?"


@pytest.mark.parametrize("name", NAMES)
def test_icons_take_the_colour(qapp: QApplication, name: str) -> None:
    picture = make_icon(name, QColor("#ff0000")).pixmap(QSize(24, 24)).toImage()
    inked = [
        picture.pixelColor(x, y)
        for x in range(24)
        for y in range(24)
        if picture.pixelColor(x, y).alpha() > 200
    ]
    assert inked
    assert all(colour.red() > 200 and colour.green() < 60 for colour in inked)


def test_disabled_icons_are_faint(qapp: QApplication) -> None:
    icon = make_icon("stop", QColor("#000000"))
    strengths = [
        max(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
        if (picture := icon.pixmap(QSize(24, 24), mode).toImage())
    ]
    assert strengths[1] < strengths[0] / 2


def test_panel_with_an_unknown_icon_gets_a_puzzle_piece() -> None:
    assert known_icon("copy") == "copy"
    assert known_icon("no-such-icon") == "puzzle"


def test_without_room_nothing_is_drawn_and_qt_does_not_complain(
    qapp: QApplication, qtlog: object, capfd: pytest.CaptureFixture[str]
) -> None:
    assert make_icon("copy", QColor("#000000")).pixmap(QSize(0, 12)).isNull()
    ground = QPixmap(8, 8)
    ground.fill(QColor("#ffffff"))
    painter = QPainter(ground)
    paint_icon(painter, "copy", QRectF(2, 2, -4, 0), QColor("#000000"))
    painter.end()
    assert ground.toImage().pixelColor(2, 2) == QColor("#ffffff")
    assert getattr(qtlog, "records", []) == []
