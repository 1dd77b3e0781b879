"""Typed rows become an adapter, the adapter acts in a conversation and is stored with the reply.

By keyboard, in a real window, with a tiny model that learns within seconds; a screen reader tells what is
on the screen.
"""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("gguf")

from teahouse.language import Translator
from tests.journeys.at_spi import Node, screen_reader
from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_documents import see
from tests.journeys.test_first_run import focused
from tests.plugins.training.chatting import PAIRS, write_model

pytestmark = pytest.mark.journey

LANGUAGE = "zh_CN"
TRAINED_S, TOLD_S = 120.0, 3.0
ROWS = "\n".join(["你是谁？\t我是说书人。", *(f"{question}\t{answer}" for question, answer in PAIRS[:5])])


@pytest.fixture
def furnished(home: Path) -> Path:
    """A home past its first steps, with the tiny model."""
    (home / "config").mkdir(parents=True)
    (home / "config" / "window.ini").write_text("[General]\nfirst_steps_done=true\n", "utf-8")
    (home / "config" / "settings.toml").write_text("[engine]\ncontext = 512\n", "utf-8")
    write_model(home / "data" / "models" / "tiny.gguf")
    return home


def word(text: str) -> str:
    """A text of the plugin as it stands on the screen."""
    return Translator("teahouse_training").into(LANGUAGE, text)


def walk_to(shown: Screen, program: Node, text: str) -> None:
    """Press Tab until the focus is on what is called so; each time the screen reader has told where it is."""

    def is_there() -> bool:
        before = focused(program)
        if word(text) in before:
            return True
        shown.press("Tab")
        until = time.monotonic() + TOLD_S
        while focused(program) == before and time.monotonic() < until:
            time.sleep(0.05)
        return False

    wait_for(is_there, f"the focus on {text}", within_s=TRAINED_S)


def press_button(shown: Screen, program: Node, text: str) -> None:
    """Go to a button by Tab, and press it."""
    walk_to(shown, program, text)
    shown.press("space")


def stored(home: Path) -> list[tuple[str, float]]:
    """The adapters of the newest reply, with their scales; empty while there is none."""
    with sqlite3.connect(f"file:{home / 'data' / 'teahouse.db'}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT adapters FROM generation ORDER BY rowid DESC LIMIT 1").fetchall()
    return [tuple(one) for one in json.loads(rows[0][0])] if rows and rows[0][0] else []


def test_typed_rows_become_an_adapter_that_answers(furnished: Path, tmp_path: Path) -> None:
    with screen_reader() as reader, screen() as shown:
        environ = {**reader.environment, "TEAHOUSE_LANGUAGE": LANGUAGE}
        with window(shown, furnished, **environ) as process:
            shown.focus(shown.window(process.pid))
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            see(program, word("Training"))
            shown.press("ctrl+k")
            shown.type(word("Training"))
            shown.press("Return")
            see(program, word("Train a model …"))
            shown.picture(tmp_path / "empty.png")
            press_button(shown, program, "Train a model …")
            walk_to(shown, program, "Questions and answers")
            shown.type(ROWS)
            see(program, word("learned"), within_s=TRAINED_S)
            walk_to(shown, program, "Name of the training and of its adapter")
            shown.type("teas")
            shown.picture(tmp_path / "new.png")
            press_button(shown, program, "Start the training")
            see(program, word("Finished. Keep it or discard it?"), within_s=TRAINED_S)
            shown.picture(tmp_path / "done.png")
            press_button(shown, program, "Keep it")
            press_button(shown, program, "Use it in this conversation")
            see(program, "teas 100 %")
            shown.picture(tmp_path / "chosen.png")
            shown.press("ctrl+l")
            shown.type("Which is cup 3?")
            shown.press("Return")
            adapters = wait_for(lambda: stored(furnished), "the reply with its adapter")
            assert [scale for _sha256, scale in adapters] == [1.0]
            shown.press("ctrl+q")
            assert process.wait(20) == 0
