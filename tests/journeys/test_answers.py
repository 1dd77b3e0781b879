"""Answers from a person's own files: a question in each language, the source is clicked, its place is marked.

A folder with a PDF and a Chinese book is read in the terminal; then people ask in a real window.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from teahouse_desktop.looks.theme import LIGHT
from tests.journeys.at_spi import Node, screen_reader
from tests.journeys.dbus import BusError
from tests.journeys.screen import Screen, screen, wait_for, window
from tests.plugins.documents.books import MOUNTAIN, write_epub, write_pdf

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

COMPONENT = "org.a11y.atspi.Component.GetExtents"
PAGES = (
    "The samovar of Tula holds eleven litres and is filled from the well before sunrise.",
    "The chimney of the samovar of Tula is swept every ninth day with a goose feather.",
    "Guests at the long table are counted by the lumps of sugar that are left in the evening.",
)
SETTINGS = """
[chat]
max_tokens = 32
temperature = 0.0
titles = "words"

[documents]
collections = "*"
"""
ASKED_S, READ_S = 120.0, 180.0
LEFT, LOWEST, HIGHEST, STEP = 90, 44, 130, 6
"""Where a line below an answer may be, from the left and from the end of its message, in points."""


@pytest.fixture
def furnished(home: Path, starter: Path) -> Path:
    """A home past its first steps, with the starter model and the embedding model where there is one."""
    models = home / "data" / "models"
    models.mkdir(parents=True)
    (home / "config").mkdir()
    (home / "config" / "window.ini").write_text("[General]\nfirst_steps_done=true\n", "utf-8")
    (home / "config" / "settings.toml").write_text(SETTINGS, "utf-8")
    embedder = os.environ.get("TEAHOUSE_TEST_EMBEDDER")
    for model in (starter, Path(embedder)) if embedder else (starter,):
        (models / model.name).symlink_to(model)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PDF of three pages and a Chinese book of two chapters."""
    made = tmp_path / "papers"
    made.mkdir()
    write_pdf(made / "samovar.pdf", PAGES)
    write_epub(made / "茶事.epub")
    return made


def read(home: Path, folder: Path) -> None:
    """Take a folder into the documents, by the terminal."""
    environ = {**os.environ, "TEAHOUSE_HOME": str(home)}
    command = [sys.executable, "-m", "teahouse.cli.main", "docs", "add", str(folder)]
    subprocess.run(command, env=environ, check=True, capture_output=True, timeout=READ_S)


def there(look: Callable[[], Node | None]) -> Node | None:
    """What is found; None while the screen changes."""
    try:
        return look()
    except (BusError, StopIteration):
        return None


def answer(program: Node, words: str) -> Node | None:
    """The last reply on the screen that says this."""

    def look() -> Node | None:
        rows = [node for node in program.walk() if node.role == "list item" and words in node.name]
        said = [row for row in rows if row.name.startswith("Assistant")]
        return said[-1] if said else None

    return there(look)


def named(program: Node, words: str, *roles: str) -> Node | None:
    """What is called or described so."""

    def look() -> Node | None:
        nodes = (node for node in program.walk() if node.role in roles)
        return next((node for node in nodes if words in node.name or words in node.description), None)

    return there(look)


def text_of(program: Node, name: str) -> str:
    """What the text of that name says; empty while there is none."""
    node = there(lambda: next(n for n in program.walk() if n.role == "text" and n.name == name))
    return node.text if node is not None else ""


def click_source(shown: Screen, program: Node, source: str, is_shown: Callable[[], object]) -> None:
    """Click below an answer, from its last line upwards, until its source is on the screen."""
    for above in range(LOWEST, HIGHEST, STEP):
        row = wait_for(lambda: answer(program, source), f"the answer from {source}")
        left, top, _width, height = row._ask(COMPONENT, "u", 0)[0]
        at = (str(left + LEFT), str(top + height - above))
        shown.run("xdotool", "mousemove", *at, "click", "1")
        try:
            wait_for(is_shown, source, within_s=1.5)
            return
        except AssertionError:
            continue
    raise AssertionError(f"no click below the answer led to {source}")


def count_points(picture: Path, is_wanted: Callable[[QColor], bool]) -> int:
    """How many points of a picture have a colour."""
    image = QImage(str(picture))
    columns, rows = range(0, image.width(), 2), range(0, image.height(), 2)
    return sum(is_wanted(image.pixelColor(x, y)) for x in columns for y in rows)


def is_marker(colour: QColor) -> bool:
    """Whether it is the marker on white paper."""
    return colour.red() > 245 and 220 < colour.green() < 245 and 100 < colour.blue() < 150


def test_a_source_is_clicked_and_its_place_is_marked(furnished: Path, folder: Path, tmp_path: Path) -> None:
    read(furnished, folder)
    with screen_reader() as reader, screen() as shown:
        environ = {**reader.environment, "TEAHOUSE_LANGUAGE": "en"}
        with window(shown, furnished, **environ) as process:
            shown.focus(shown.window(process.pid))
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            wait_for(lambda: named(program, "Sources", "button", "push button", "check box"), "the plugin")

            shown.type("How often is the chimney of the samovar of Tula swept?")
            shown.press("Return")
            wait_for(lambda: answer(program, "[1] samovar.pdf, page 2"), "an answer", within_s=ASKED_S)
            click_source(
                shown, program, "samovar.pdf, page 2", lambda: named(program, "Page 2 of 3", "label")
            )
            assert named(program, PAGES[1], "scroll pane", "filler", "panel", "viewport") is not None
            picture = shown.picture(tmp_path / "pdf.png")
            assert count_points(picture, is_marker) > 200

            shown.press("Escape", "Escape")
            go_back(shown, program)
            shown.type("岩茶要用龙眼木炭焙火多少个小时？")
            shown.press("Return")
            wait_for(lambda: answer(program, "[1] 茶事.epub"), "an answer in Chinese", within_s=ASKED_S)
            click_source(shown, program, "茶事.epub", lambda: text_of(program, "茶事.epub"))
            assert MOUNTAIN[1][1] in text_of(program, "茶事.epub")
            picture = shown.picture(tmp_path / "epub.png")
            assert count_points(picture, lambda colour: colour == QColor(LIGHT.selection)) > 200

            go_back(shown, program)
            shown.type("Who won the football world cup of 1998?")
            shown.press("Return")
            wait_for(lambda: answer(program, "general knowledge of the model"), "a notice", within_s=ASKED_S)
            shown.picture(tmp_path / "general.png")
            shown.press("ctrl+q")
            assert process.wait(20) == 0


def go_back(shown: Screen, program: Node) -> None:
    """Click into the field, to write."""
    field = wait_for(lambda: named(program, "Message", "text"), "the field")
    left, top, width, height = field._ask(COMPONENT, "u", 0)[0]
    at = (str(left + width // 2), str(top + height // 2))
    shown.run("xdotool", "mousemove", *at, "click", "1")
