"""A person's documents: a folder is added, read and watched; words in two languages find what it says.

By keyboard, in a real window; a screen reader tells what is on the screen.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from teahouse.language import Translator
from tests.journeys.at_spi import Node, screen_reader
from tests.journeys.dbus import BusError
from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_first_run import go_to, is_titled
from tests.plugins.documents.books import write_broken, write_docx, write_epub, write_pdf

pytestmark = pytest.mark.journey

READ_S = 180.0
SPOKEN = ("label", "list item", "button", "push button", "check box", "toggle button")


@pytest.fixture
def furnished(home: Path) -> Path:
    """A home past its first steps, with the embedding model where there is one."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "window.ini").write_text("[General]\nfirst_steps_done=true\n", "utf-8")
    if embedder := os.environ.get("TEAHOUSE_TEST_EMBEDDER"):
        (home / "data" / "models").mkdir(parents=True)
        (home / "data" / "models" / Path(embedder).name).symlink_to(embedder)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PDF, a letter, a Chinese book and a file that is broken."""
    made = tmp_path / "papers"
    made.mkdir()
    write_pdf(made / "samovar.pdf")
    write_docx(made / "harbour.docx")
    write_epub(made / "mountain.epub")
    write_broken(made / "torn.pdf")
    return made


def said(program: Node) -> str:
    """All that the screen reader could read out now."""
    try:
        return "\n".join(node.name for node in program.walk() if node.role in SPOKEN)
    except BusError:
        return ""


def see(program: Node, *words: str, within_s: float = 60.0) -> None:
    """Wait until all of these are on the screen."""

    def are_there() -> bool:
        text = said(program)
        return all(word in text for word in words)

    wait_for(are_there, " and ".join(words), within_s=within_s)


def search(shown: Screen, program: Node, words: str, *expected: str) -> None:
    """Go to the search field by Escape, type, and wait for what is to be found."""
    shown.press("Escape", "ctrl+a")
    shown.type(words)
    shown.press("Return")
    see(program, *expected)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_folder_is_read_searched_and_followed(
    furnished: Path, folder: Path, tmp_path: Path, language: str
) -> None:
    def word(text: str) -> str:
        return Translator("teahouse_documents").into(language, text)

    with screen_reader() as reader, screen() as shown:
        environ = {**reader.environment, "TEAHOUSE_LANGUAGE": language}
        with window(shown, furnished, **environ) as process:
            main = shown.window(process.pid)
            shown.focus(main)
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            see(program, word("Documents"))
            shown.press("ctrl+k")
            shown.type(word("Documents"))
            shown.press("Return")
            see(program, word("Add a folder."))
            shown.picture(tmp_path / f"empty-{language}.png")

            go_to(shown, program, (word("Add a folder …"),))
            shown.press("space")
            wait_for(lambda: is_titled(shown, word("Add a folder to the documents")), "the choice")
            shown.type(str(folder))
            shown.press("Return")
            see(program, word("1 problem"), word("{count} files").format(count=4), within_s=READ_S)
            shown.picture(tmp_path / f"read-{language}.png")

            go_to(shown, program, (word("1 problem"),))
            shown.press("space")
            see(program, "torn.pdf: ")
            shown.picture(tmp_path / f"problems-{language}.png")
            shown.press("Escape")

            search(shown, program, "goose feather", "samovar.pdf", "every ninth day")
            search(shown, program, "龙眼木炭", "mountain.epub", "十二个小时")
            shown.picture(tmp_path / f"found-{language}.png")

            (folder / "samovar.pdf").rename(folder / "tula.pdf")
            (folder / "harbour.docx").unlink()
            shown.press("Escape")
            see(program, word("{count} files").format(count=3), within_s=READ_S)
            search(shown, program, "goose feather", "tula.pdf")
            search(shown, program, "dried apricots")
            wait_for(lambda: "harbour.docx" not in said(program), "the deleted file out of sight")
            shown.picture(tmp_path / f"followed-{language}.png")
            shown.press("ctrl+q")
            assert process.wait(20) == 0
