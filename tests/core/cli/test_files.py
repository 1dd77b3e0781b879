"""Files in the terminal: `ask --attach`, `/attach` in a chat."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.core.cli.commands import echo, is_quiet

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SENT = "Attached file: a b.txt\n```\nOolong 茶\n```"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    path = tmp_path / "a b.txt"
    path.write_text("Oolong 茶\n", encoding="utf-8")
    return path


def names(home: Path) -> list[str]:
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    try:
        rows = connection.execute("SELECT data FROM part WHERE kind = 'attachment'").fetchall()
        return [json.loads(row[0])["name"] for row in rows]
    finally:
        connection.close()


def test_a_question_carries_files(home: Path, notes: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.md"
    more.write_text("# Green", encoding="utf-8")
    done = echo("ask", "Which?", "--model", "echo/echo", "--attach", str(notes), "--attach", str(more))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{SENT}\n\nAttached file: more.md\n```\n# Green\n```\n\nWhich?\n"
    assert not (home / "data" / "teahouse.db").exists()


def test_a_saved_question_keeps_its_files(home: Path, notes: Path) -> None:
    done = echo("ask", "Which?", "--save", "--model", "echo/echo", "--attach", str(notes))
    assert done.returncode == 0, done.stderr
    assert names(home) == ["a b.txt"]


def test_a_dry_run_shows_the_file_exactly_as_it_would_be_sent(home: Path, notes: Path) -> None:
    done = echo("ask", "Which?", "--dry-run", "--json", "--model", "echo/echo", "--attach", str(notes))
    assert f"{SENT}\n\nWhich?" in json.loads(done.stdout)["prompt"]
    assert names(home) == [] if (home / "data" / "teahouse.db").exists() else True


def test_of_a_picture_it_is_said_that_the_model_does_not_see_it(tmp_path: Path) -> None:
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    done = echo("ask", "What is it?", "--model", "echo/echo", "--attach", str(path))
    assert "The model does not see it." in done.stderr
    assert done.stdout == "Attached picture: cat.png (you cannot see it)\n\nWhat is it?\n"


@pytest.mark.parametrize("name", ["missing.txt", "binary.bin", ""])
def test_a_file_that_cannot_be_added_is_told_and_nothing_is_asked(name: str, tmp_path: Path) -> None:
    (tmp_path / "binary.bin").write_bytes(b"\0\1\2")
    done = echo("ask", "Which?", "--save", "--model", "echo/echo", "--attach", str(tmp_path / name))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "was not added" in done.stderr
    assert is_quiet(done)


def test_a_chat_takes_files_for_the_next_message(home: Path, notes: Path, tmp_path: Path) -> None:
    lines = f"/attach '{notes}'\n/attach {tmp_path}/missing.txt\n/attach\nWhich?\nAnd then?\n/quit\n"
    done = echo("chat", "--model", "echo/echo", stdin=lines)
    assert done.returncode == 0, done.stderr
    assert "Added to the next message: a b.txt (11 B)" in done.stdout
    assert "missing.txt" in done.stderr and "Name the file" in done.stderr
    assert f"{SENT}\n\nWhich?" in done.stdout
    assert done.stdout.count("Attached file:") == 1
    assert names(home) == ["a b.txt"]


def test_there_is_a_most_of_files(notes: Path) -> None:
    done = echo("ask", "Which?", "--model", "echo/echo", *["--attach", str(notes)] * 21)
    assert done.returncode == 1
    assert "20 files at most" in done.stderr
