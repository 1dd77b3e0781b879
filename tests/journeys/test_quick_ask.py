"""A question in between: keys while another program has the focus, a second start, the desktop's command."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_first_chat import ended, messages

pytestmark = pytest.mark.journey

OTHER = """
from PySide6.QtWidgets import QApplication, QLineEdit
application = QApplication([])
field = QLineEdit()
field.setWindowTitle("Another program")
field.show()
application.exec()
"""
LOOK_S = 1.5
KEYS = '[quick]\nshortcut = "Ctrl+Alt+Space"\n'


def visible(shown: Screen, name: str) -> str:
    """Id of the visible window of this name; empty for none."""
    return shown.run("xdotool", "search", "--onlyvisible", "--name", name).split("\n")[0]


def active(shown: Screen) -> str:
    """Name of the window that has the focus."""
    return shown.run("xdotool", "getactivewindow", "getwindowname")


@contextmanager
def another_program(shown: Screen) -> Iterator[None]:
    with subprocess.Popen([sys.executable, "-c", OTHER], env=shown.environment) as process:
        try:
            shown.focus(wait_for(lambda: visible(shown, "Another program"), "the other program"))
            wait_for(lambda: active(shown) == "Another program", "its focus")
            yield
        finally:
            process.kill()


def teahouse(shown: Screen, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Another start of the command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "teahouse.cli.main", *arguments],
        env={**shown.environment, "TEAHOUSE_HOME": str(home), "TEAHOUSE_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=60,
    )


def come_up(shown: Screen, name: str) -> str:
    """Press the keys once and give the window time: a second press would close it."""
    shown.press("ctrl+alt+space")
    time.sleep(LOOK_S)
    return visible(shown, name)


@pytest.mark.gguf
@pytest.mark.parametrize(
    ("language", "name", "question"),
    [
        ("en", "Quick ask", "What is the capital of France?"),
        ("zh_CN", "Quick ask|快速提问", "法国的首都是哪里？"),
    ],
)
def test_keys_a_question_an_answer_and_on_in_the_main_window(
    home: Path, starter: Path, tmp_path: Path, language: str, name: str, question: str
) -> None:
    (home / "data" / "models").mkdir(parents=True)
    (home / "data" / "models" / starter.name).symlink_to(starter)
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text(KEYS + "[chat]\ntemperature = 0.0\n", "utf-8")
    with screen() as shown, window(shown, home, TEAHOUSE_LANGUAGE=language) as process:
        shown.window(process.pid)
        with another_program(shown):
            wait_for(lambda: come_up(shown, name), "the quick-ask window")
            wait_for(
                lambda: active(shown) == shown.run("xdotool", "getwindowname", visible(shown, name)), "focus"
            )
            shown.type(question)
            shown.press("Return")
            [(state, answer)] = wait_for(lambda: ended(home, 1), "an answer", within_s=180)
            assert state == "complete"
            assert "Paris" in answer or "巴黎" in answer
            shown.picture(tmp_path / f"answered-{language}.png")
            shown.press("ctrl+Return")
            wait_for(lambda: not visible(shown, name), "the quick-ask window gone")
            wait_for(lambda: active(shown).endswith(("Teahouse", "茶馆")), "the main window in front")
            shown.press("F6", "ctrl+a", "ctrl+c")
            assert answer.split()[0] in wait_for(shown.clipboard, "the copied conversation")
        assert [text for _state, text in messages(home, "user")] == [question]


def test_a_second_start_raises_the_first_and_quick_comes_up(home: Path, tmp_path: Path) -> None:
    with screen() as shown, window(shown, home, TEAHOUSE_LANGUAGE="en", TEAHOUSE_DEV="1") as process:
        shown.window(process.pid)
        with another_program(shown):
            done = teahouse(shown, home)
            assert (done.returncode, "open already" in done.stderr) == (0, True), done.stderr
            wait_for(lambda: active(shown) == "Teahouse", "the first window in front")
            done = teahouse(shown, home, "quick")
            assert done.returncode == 0, done.stderr
            wait_for(lambda: visible(shown, "Quick ask"), "the quick-ask window")
            wait_for(lambda: active(shown).startswith("Quick ask"), "its focus")
            shown.type("still here")
            shown.press("Return")
            wait_for(lambda: messages(home, "user") == [("complete", "still here")], "the question on disk")
            shown.press("Escape")
            wait_for(lambda: not visible(shown, "Quick ask"), "it to be closed")
        assert process.poll() is None
        shown.focus(visible(shown, "Teahouse"))
        shown.press("ctrl+q")
        assert process.wait(20) == 0


def test_quick_starts_the_app_where_none_runs(home: Path) -> None:
    with screen() as shown:
        environ = {**shown.environment, "TEAHOUSE_HOME": str(home), "TEAHOUSE_LANGUAGE": "en"}
        command = [sys.executable, "-m", "teahouse.cli.main", "quick"]
        with subprocess.Popen(command, env=environ) as process:
            try:
                wait_for(lambda: visible(shown, "Quick ask"), "the quick-ask window")
                wait_for(lambda: active(shown).startswith("Quick ask"), "its focus")
                assert visible(shown, "^Teahouse$")
            finally:
                process.kill()
