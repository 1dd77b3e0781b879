"""Never lost and always found: a conversation thrown away and taken back, and found by a word in it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from teahouse.store import Store
from tests.journeys.screen import Screen, screen, wait_for, window

pytestmark = pytest.mark.journey


@pytest.fixture
def filled(home: Path) -> Path:
    """A home with two conversations; in the older one the word stands on a branch that is not shown."""
    store = Store(home / "data" / "teahouse.db")
    tea = store.create_conversation(title="Tea")
    question = store.add_message(tea.id, "user", "How hot should the water be?")
    store.add_message(tea.id, "assistant", "Eighty degrees in a gaiwan.")
    store.add_message(tea.id, "assistant", "Cold is fine.", parent_id=question.id)
    trip = store.create_conversation(title="Trip")
    store.add_message(trip.id, "user", "Where to in spring?")
    store.close()
    return home


def trashed(home: Path) -> list[str]:
    """Titles in the trash, read past the app."""
    connection = sqlite3.connect(f"file:{home / 'data' / 'teahouse.db'}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT title FROM conversation WHERE trashed_ms IS NOT NULL")
        return [title for (title,) in rows]
    finally:
        connection.close()


def transcript(shown: Screen, pid: int) -> str:
    shown.focus(shown.window(pid))
    shown.press("F6", "ctrl+a", "ctrl+c")
    return shown.clipboard()


def test_found_by_a_word_thrown_away_and_taken_back(filled: Path, tmp_path: Path) -> None:
    home = filled
    with screen() as shown, window(shown, home, TEAHOUSE_LANGUAGE="en", TEAHOUSE_DEV="1") as process:
        shown.focus(shown.window(process.pid))
        shown.press("ctrl+shift+f")
        shown.type("gaiwan")
        shown.press("Return")
        wait_for(lambda: "Eighty degrees in a gaiwan." in transcript(shown, process.pid), "the other branch")
        shown.picture(tmp_path / "found.png")
        shown.press("ctrl+shift+f", "Escape", "Down", "Delete")
        [title] = wait_for(lambda: trashed(home), "the trash")
        shown.picture(tmp_path / "trashed.png")
        # Undo lies between the message field and the page above it.
        shown.press("ctrl+l", "shift+Tab", "shift+Tab", "space")
        wait_for(lambda: not trashed(home), f"{title} out of the trash")
        shown.picture(tmp_path / "back.png")
        shown.press("ctrl+q")
        assert process.wait(15) == 0
