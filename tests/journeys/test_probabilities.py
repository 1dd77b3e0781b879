"""The feature no other program has: an alternative is clicked, and the conversation branches there."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from teahouse import Translator, language
from tests.journeys.at_spi import Node, screen_reader
from tests.journeys.dbus import BusError
from tests.journeys.screen import Screen, screen, wait_for, window
from tests.journeys.test_first_chat import ended, messages

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

GO_ON = "Go on from here with {token}"
ALTERNATIVES = ("Alternatives", "候选词元")
BRANCHES = "SELECT message_id, engine FROM generation ORDER BY rowid"
COMPONENT = "org.a11y.atspi.Component.GetExtents"


@pytest.fixture
def furnished(home: Path, starter: Path) -> Path:
    """A home with the starter model in it, which answers briefly and always the same."""
    (home / "data" / "models").mkdir(parents=True)
    (home / "config").mkdir()
    settings = '[chat]\nmax_tokens = 24\ntemperature = 0.0\ntitles = "words"\n'
    (home / "config" / "settings.toml").write_text(settings, "utf-8")
    (home / "data" / "models" / starter.name).symlink_to(starter)
    return home


def branches(home: Path) -> list[dict[str, Any]]:
    """Where the stored replies were begun again."""
    connection = sqlite3.connect(f"file:{home / 'data' / 'teahouse.db'}?mode=ro", uri=True)
    try:
        found = [json.loads(engine).get("branch") for _id, engine in connection.execute(BRANCHES)]
    finally:
        connection.close()
    return [branch for branch in found if branch]


def found_by(program: Node, *, starts: tuple[str, ...]) -> Node | None:
    """The first thing on the screen whose name begins with one of these; None while there is none."""
    try:
        return next((node for node in program.walk() if node.name.startswith(starts)), None)
    except BusError:
        return None  # it changed while it was read


def offers(program: Node) -> Node | None:
    """The last message on the screen that offers its probabilities."""
    try:
        rows = [node for node in program.walk() if node.role == "list item" and "Action" in node.interfaces]
        return next(
            (row for row in reversed(rows) if any(a.startswith("plugin.") for a in row.actions)), None
        )
    except BusError:
        return None


def click(shown: Screen, node: Node, *, down: float = 0.5) -> None:
    """Press the mouse on something, `down` of its height below its top."""
    left, top, width, height = node._ask(COMPONENT, "u", 0)[0]
    x, y = left + width // 2, top + round(height * down)
    shown.run("xdotool", "mousemove", str(x), str(y), "click", "1")


@pytest.mark.parametrize(
    ("spoken", "question"), [("en", "What is the capital of France?"), ("zh_CN", "法国的首都是哪里？")]
)
def test_another_token_is_clicked_and_the_conversation_branches_there(
    furnished: Path, spoken: str, question: str, tmp_path: Path
) -> None:
    language.activate(spoken)
    go_on = Translator("teahouse_sampling")(GO_ON).partition("{")[0]
    language.activate("en")
    with screen_reader() as reader, screen() as shown:
        environ = {**reader.environment, "TEAHOUSE_LANGUAGE": spoken}
        with window(shown, furnished, **environ) as process:
            shown.focus(shown.window(process.pid))
            program = wait_for(lambda: reader.program(process.pid), "the program on the bus")
            assert program is not None
            shown.type(question)
            shown.press("Return")
            [(state, answer)] = wait_for(lambda: ended(furnished, 1), "an answer", within_s=180)
            assert state == "complete"
            row = wait_for(lambda: offers(program), "the action on the reply")
            assert row is not None
            row.act(next(name for name in row.actions if name.startswith("plugin.sampling")))
            button = wait_for(lambda: found_by(program, starts=(go_on,)), "the alternatives", within_s=60)
            bars = wait_for(lambda: found_by(program, starts=ALTERNATIVES), "the bars")
            assert button is not None and bars is not None
            before = button.name
            shown.picture(tmp_path / f"alternatives-{spoken}.png")
            click(shown, bars, down=0.85)
            again = wait_for(lambda: found_by(program, starts=(go_on,)), "the button again")
            assert again is not None
            wait_for(lambda: again.name != before, "another alternative")
            click(shown, again)
            replies = wait_for(lambda: ended(furnished, 2), "the branch", within_s=120)
            assert replies[0] == ("complete", answer)  # it stays as it was
            assert replies[1][1] != answer
            wait_for(lambda: branches(furnished), "the mark of the branch")
            [branch] = branches(furnished)
            assert branch["keep"] == 0
            assert len(branch["token_ids"]) == 1
            assert len(messages(furnished, "user")) == 1
            shown.picture(tmp_path / f"branched-{spoken}.png")
            shown.press("ctrl+q")
            assert process.wait(15) == 0
