"""A person's first minutes: another language, a file of one's own, a real answer; then never again."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_first_chat import ended

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

QUESTION = "法国的首都是哪里？"


def kept(home: Path, name: str) -> str:
    """What a file of the configuration says."""
    file = home / "config" / name
    return file.read_text("utf-8") if file.exists() else ""


def is_titled(shown: Screen, words: str) -> bool:
    """Whether a window with these words in its title is on the screen."""
    return bool(shown.run("xdotool", "search", "--onlyvisible", "--name", words))


def choose_chinese(shown: Screen, home: Path) -> None:
    """Press the key that marks the other language, once the page is there to hear it."""
    for _ in range(10):
        shown.press("Right")
        for _ in range(30):
            if "zh_CN" in kept(home, "settings.toml"):
                return
            time.sleep(0.1)
    raise AssertionError("the language was not kept")


def add_file(shown: Screen, file: Path) -> None:
    """Answer the choice of a file, then the question how it is to be added."""
    wait_for(lambda: is_titled(shown, "GGUF"), "the choice of a file")
    shown.type(str(file))
    shown.press("Return")


def test_chinese_a_file_of_one_s_own_and_an_answer(home: Path, starter: Path, tmp_path: Path) -> None:
    own = tmp_path / "我的 models 😀" / "mine.gguf"
    own.parent.mkdir()
    own.symlink_to(starter)
    with screen() as shown:
        with window(shown, home, TEAHOUSE_LANGUAGE="") as process:
            main = shown.window(process.pid)
            shown.focus(main)
            wait_for(
                lambda: (home / "data" / "teahouse.db").exists(), "the window to have read what there is"
            )

            choose_chinese(shown, home)
            shown.picture(tmp_path / "language.png")
            shown.press("Return", "Return")
            shown.picture(tmp_path / "model.png")
            shown.press("Tab", "Return")  # from the download to the file of one's own
            add_file(shown, own)
            placed = home / "data" / "models" / "mine.gguf"

            def is_added() -> bool:
                shown.press("Return")
                return placed.is_symlink()

            wait_for(is_added, "the model among the models")
            shown.picture(tmp_path / "added.png")

            def is_done() -> bool:
                shown.press("Return")
                return "first_steps_done" in kept(home, "window.ini")

            wait_for(is_done, "the way to the chat")
            shown.focus(main)
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
