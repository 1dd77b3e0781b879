"""Two conversations side by side, and one question asked in two ways, by keyboard and with a real model."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.journeys.screen import screen, wait_for, window

pytestmark = [pytest.mark.journey, pytest.mark.gguf]

LOOK_S = 1.5
"""So long a person looks at what has opened before going on."""

REPLIES = """
SELECT conversation_id, parent_id, state, seed, json_extract(sampling, '$.temperature')
FROM message LEFT JOIN generation ON generation.message_id = message.id
WHERE role = 'assistant' ORDER BY message.created_ms, message.id
"""
Row = tuple[str, str, str, int, float]


def replies(home: Path) -> list[Row]:
    """(conversation, question, state, seed, temperature) of each reply, oldest first."""
    file = home / "data" / "teahouse.db"
    if not file.exists():
        return []
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    try:
        return list(connection.execute(REPLIES))
    except sqlite3.OperationalError:
        return []  # the app is just creating it
    finally:
        connection.close()


def ended(home: Path, count: int) -> list[Row]:
    """The replies once there are `count` and all are complete."""
    found = replies(home)
    return found if len(found) == count and states(found) == {"complete"} else []


def states(found: Iterable[Row]) -> set[str]:
    return {state for _conversation, _question, state, _seed, _temperature in found}


@pytest.fixture
def furnished(home: Path, starter: Path) -> Path:
    """A home with the starter model in it, which answers briefly."""
    (home / "data" / "models").mkdir(parents=True)
    (home / "config").mkdir()
    settings = '[chat]\nmax_tokens = 32\ntitles = "words"\n'
    (home / "config" / "settings.toml").write_text(settings, "utf-8")
    (home / "data" / "models" / starter.name).symlink_to(starter)
    return home


def test_two_conversations_and_two_ways_to_ask(furnished: Path, tmp_path: Path) -> None:
    home = furnished
    with screen() as shown:
        with window(shown, home) as process:
            shown.focus(shown.window(process.pid))
            time.sleep(LOOK_S)
            shown.type("Name three green teas.")
            shown.press("Return")
            wait_for(lambda: ended(home, 1), "the first reply", within_s=120)
            shown.press("ctrl+backslash")
            time.sleep(LOOK_S)
            shown.type("Name three black teas.")
            shown.press("Return")
            wait_for(lambda: ended(home, 2), "the reply beside", within_s=120)
            shown.press("ctrl+F6")
            shown.type("Which one is the mildest?")
            shown.press("Return", "ctrl+F6")
            shown.type("Which one is the strongest?")
            shown.press("Return")
            found = wait_for(lambda: ended(home, 4), "a reply on either side", within_s=180)
            shown.picture(tmp_path / "beside.png")
            green, black = found[0][0], found[1][0]
            assert green != black and [row[0] for row in found] == [green, black, green, black]

            shown.type("Describe oolong.")
            shown.press("ctrl+shift+m")
            time.sleep(LOOK_S)
            shown.press("Tab", "ctrl+a")  # from the model of B to its temperature
            shown.type("1.5")
            shown.press("Tab")
            shown.type("42")
            shown.picture(tmp_path / "two_ways.png")
            shown.press("ctrl+Return")
            found = wait_for(lambda: ended(home, 6), "both replies", within_s=180)
            time.sleep(LOOK_S)
            shown.picture(tmp_path / "compared.png")
            first, second = found[4:]
            assert first[:2] == second[:2] and first[0] == black  # two versions of one reply
            assert (first[4], second[4]) == (0.7, 1.5) and second[3] == 42 != first[3]
            shown.press("Escape", "ctrl+q")
            assert process.wait(20) == 0
        with window(shown, home) as process:
            shown.focus(shown.window(process.pid))
            time.sleep(3 * LOOK_S)
            shown.picture(tmp_path / "again.png")
            shown.press("F6", "ctrl+a", "ctrl+c")
            assert "black teas" in shown.clipboard() and "green teas" not in shown.clipboard()
            shown.press("ctrl+F6", "F6", "ctrl+a", "ctrl+c")
            assert "green teas" in shown.clipboard() and "black teas" not in shown.clipboard()
            shown.press("ctrl+q")
            assert process.wait(20) == 0
