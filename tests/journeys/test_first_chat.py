"""The main job: a real window, a question by keyboard, a real answer, a stop, a restart that finds all."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.screen import Screen, screen, wait_for, window

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

REPLIES = """
SELECT message.state, group_concat(part.data, '') FROM message LEFT JOIN part ON part.message_id = message.id
WHERE message.role = ? GROUP BY message.id ORDER BY message.created_ms, message.id
"""


def messages(home: Path, role: str) -> list[tuple[str, str]]:
    """(state, text) of the stored messages of a role, oldest first, read past the app."""
    file = home / "data" / "teahouse.db"
    if not file.exists():
        return []
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return [(state, text or "") for state, text in connection.execute(REPLIES, [role])]
    except sqlite3.OperationalError:
        return []  # the app is just creating it
    finally:
        connection.close()


def ended(home: Path, count: int) -> list[tuple[str, str]]:
    """The replies once there are `count` of them and none streams; else nothing."""
    replies = messages(home, "assistant")
    return replies if len(replies) == count and all(state != "streaming" for state, _text in replies) else []


def transcript(shown: Screen, pid: int) -> str:
    """What a person copies out of the whole transcript."""
    shown.focus(shown.window(pid))
    shown.press("F6", "ctrl+a", "ctrl+c")
    return shown.clipboard()


def holds(text: str, pieces: Iterable[str]) -> bool:
    return all(piece in text for piece in pieces)


@pytest.fixture
def furnished(home: Path, starter: Path) -> Path:
    """A home with the starter model in it."""
    (home / "data" / "models").mkdir(parents=True)
    (home / "config").mkdir()
    greedy = "[chat]\ntemperature = 0.0\n"  # the same answer each time
    (home / "config" / "settings.toml").write_text(greedy, "utf-8")
    (home / "data" / "models" / starter.name).symlink_to(starter)
    return home


def children_of(pid: int) -> list[str]:
    found = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid="], capture_output=True, text=True)
    return found.stdout.split()


@pytest.mark.parametrize(
    ("language", "question"), [("en", "What is the capital of France?"), ("zh_CN", "法国的首都是哪里？")]
)
def test_ask_stop_restart(furnished: Path, language: str, question: str, tmp_path: Path) -> None:
    home = furnished
    with screen() as shown:
        with window(shown, home, TEAHOUSE_LANGUAGE=language) as process:
            shown.focus(shown.window(process.pid))
            shown.type(question)
            shown.press("Return")
            wait_for(lambda: messages(home, "user"), "the question on disk")
            [(state, answer)] = wait_for(lambda: ended(home, 1), "an answer", within_s=180)
            assert state == "complete"
            assert "Paris" in answer or "巴黎" in answer
            shown.picture(tmp_path / f"answered-{language}.png")

            shown.type("Count from 1 to 500, one number on each line.")
            shown.press("Return")
            wait_for(
                lambda: len(messages(home, "assistant")) == 2 and len(messages(home, "assistant")[1][1]) > 40,
                "half",
            )
            shown.press("Escape")
            _first, (state, half) = wait_for(lambda: ended(home, 2), "the stop", within_s=10)
            assert state == "stopped"
            assert "500" not in half
            engine = children_of(process.pid)
            shown.press("ctrl+q")
            assert process.wait(15) == 0
        assert engine
        assert not [child for child in engine if Path(f"/proc/{child}").exists()]
        with window(shown, home, TEAHOUSE_LANGUAGE=language) as process:
            shown.focus(shown.window(process.pid))
            # the answers too: the clipboard may still hold the question that was pasted
            pieces = (question, answer.strip()[:40], half.strip()[:20])
            wait_for(lambda: holds(transcript(shown, process.pid), pieces), "the conversation again")
            shown.picture(tmp_path / f"reopened-{language}.png")
            shown.press("ctrl+q")
            assert process.wait(15) == 0


def test_window_killed_leaves_no_child(furnished: Path) -> None:
    home = furnished
    with screen() as shown, window(shown, home) as process:
        shown.focus(shown.window(process.pid))
        shown.type("Count from 1 to 500, one number on each line.")
        shown.press("Return")
        wait_for(
            lambda: any(len(text) > 20 for _state, text in messages(home, "assistant")),
            "the beginning of a reply",
        )
        children: Any = children_of(process.pid)
        assert children
        process.kill()
        process.wait(5)
        wait_for(
            lambda: not [c for c in children if Path(f"/proc/{c}").exists()], "the engine's end", within_s=3
        )
        reply = messages(home, "assistant")[0][1]
    with screen() as shown, window(shown, home) as process:
        shown.focus(shown.window(process.pid))
        wait_for(lambda: messages(home, "assistant")[0][0] == "partial", "the reply marked as partial")
        assert messages(home, "assistant")[0][1].startswith(reply)
        wait_for(
            lambda: reply.strip()[:20] in transcript(shown, process.pid), "the conversation that was open"
        )


def test_what_is_sent_is_shown_letter_by_letter(furnished: Path) -> None:
    with screen() as shown, window(shown, furnished, TEAHOUSE_LANGUAGE="en") as process:
        shown.focus(shown.window(process.pid))
        shown.type("Say yes.")
        shown.press("Return")
        wait_for(lambda: ended(furnished, 1), "the reply")
        shown.type("And  no?")
        shown.press("ctrl+p")

        def prompt() -> str:
            shown.press("ctrl+a", "ctrl+c")
            return text if "And  no?" in (text := shown.clipboard()) and "<|im_start|>" in text else ""

        text = wait_for(prompt, "the prompt")
        assert "<|im_start|>user\nSay yes.<|im_end|>" in text
        assert text.rstrip("\n").endswith("<|im_start|>user\nAnd  no?<|im_end|>\n<|im_start|>assistant")
