"""A person's first minutes: another language, a file of one's own, a real answer; then never again.

By keyboard alone; before a key is pressed, a screen reader tells where the focus is.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.at_spi import FOCUSED, Node, screen_reader
from tests.journeys.dbus import BusError
from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_first_chat import ended

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

QUESTION = "法国的首都是哪里？"
NEXT, START = ("Next", "下一步"), ("Start chatting", "开始聊天")


def kept(home: Path, name: str) -> str:
    """What a file of the configuration says."""
    file = home / "config" / name
    return file.read_text("utf-8") if file.exists() else ""


def focused(program: Node) -> str:
    """Name of what has the focus; empty while that changes."""
    try:
        return next((node.name for node in program.walk() if node.has(FOCUSED)), "")
    except BusError:
        return ""


def names(program: Node, role: str) -> list[str]:
    """Names of what is there of a kind; nothing while that changes."""
    try:
        return [node.name for node in program.walk() if node.role == role]
    except BusError:
        return []


def go_to(shown: Screen, program: Node, words: tuple[str, ...]) -> None:
    """Press Tab until the focus is where one of the words stands."""

    def is_there() -> bool:
        if any(word in focused(program) for word in words):
            return True
        shown.press("Tab")
        return False

    wait_for(is_there, f"the focus on {words[0]}")


def is_titled(shown: Screen, words: str) -> bool:
    """Whether a window with these words in its title is on the screen."""
    return bool(shown.run("xdotool", "search", "--onlyvisible", "--name", words))


def add_file(shown: Screen, file: Path, placed: Path) -> None:
    """Answer the choice of a file, then the question how it is to be added."""
    wait_for(lambda: is_titled(shown, "GGUF"), "the choice of a file")
    shown.type(str(file))
    shown.press("Return")

    def is_added() -> bool:
        if not placed.is_symlink() and is_titled(shown, "GGUF"):
            shown.press("Return")
        return placed.is_symlink()

    wait_for(is_added, "the model among the models")
    wait_for(lambda: not is_titled(shown, "GGUF"), "the end of the question")


def test_chinese_a_file_of_one_s_own_and_an_answer(home: Path, starter: Path, tmp_path: Path) -> None:
    own = tmp_path / "我的 models 😀" / "mine.gguf"
    own.parent.mkdir()
    own.symlink_to(starter)
    with screen_reader() as reader, screen() as shown:
        environ = {**reader.environment, "TEAHOUSE_LANGUAGE": ""}
        with window(shown, home, **environ) as process:
            main = shown.window(process.pid)
            shown.focus(main)
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            wait_for(lambda: "English" in focused(program), "the first of the first steps")
            shown.press("Right")
            wait_for(lambda: "zh_CN" in kept(home, "settings.toml"), "the language that was chosen")
            shown.picture(tmp_path / "language.png")
            shown.press("Return")
            wait_for(lambda: focused(program) in NEXT, "the second step")
            shown.picture(tmp_path / "computer.png")
            shown.press("Return")
            wait_for(
                lambda: [n for n in names(program, "radio button") if "Qwen" in n], "models to choose from"
            )
            shown.picture(tmp_path / "model.png")
            go_to(shown, program, ("GGUF",))
            shown.press("Return")
            add_file(shown, own, home / "data" / "models" / "mine.gguf")
            shown.focus(main)
            wait_for(lambda: [n for n in names(program, "label") if "mine" in n], "the model on the page")
            shown.picture(tmp_path / "added.png")
            go_to(shown, program, START)
            shown.press("Return")
            wait_for(lambda: "first_steps_done" in kept(home, "window.ini"), "the way to the chat")
            shown.press("ctrl+l")
            shown.type(QUESTION)
            shown.press("Return")
            [(state, answer)] = wait_for(lambda: ended(home, 1), "an answer", within_s=180)
            assert state == "complete"
            assert "巴黎" in answer or "Paris" in answer
            shown.picture(tmp_path / "answered.png")
            shown.press("ctrl+q")
            assert process.wait(15) == 0
        with window(shown, home, TEAHOUSE_LANGUAGE="") as process:
            shown.focus(shown.window(process.pid))
            shown.type("Say yes.")  # goes into the composer at once: no page stands before it
            shown.press("Return")
            assert len(wait_for(lambda: ended(home, 2), "another answer", within_s=180)) == 2
            shown.press("ctrl+q")
            assert process.wait(15) == 0
