"""The program's log: its end is read, and no text of a conversation ever stands in it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from teahouse import logs
from teahouse.app import App
from teahouse.chat.turn import TurnRequest, take_turn
from teahouse.errors import AppError
from teahouse.jobs import Cancel

SECRET = "Geheimnis茶馆私语"


def test_the_last_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / logs.LOG_NAME
    assert logs.read_end(file) == ""
    file.write_text("".join(f"line {number} 茶\n" for number in range(1000)), "utf-8")
    read = logs.read_end(file, lines=3)
    assert read == "line 997 茶\nline 998 茶\nline 999 茶\n"


def test_of_a_long_log_only_whole_lines_are_read(tmp_path: Path) -> None:
    file = tmp_path / logs.LOG_NAME
    file.write_text("茶" * 300_000 + "\nthe end\n", "utf-8")
    assert logs.read_end(file) == "the end\n"


def test_the_home_folder_is_not_named() -> None:
    assert logs.without_home("/home/mei/x and /home/mei", Path("/home/mei")) == "~/x and ~"
    assert logs.without_home("/a/b", Path("/")) == "/a/b"


@pytest.mark.expected_log
@pytest.mark.parametrize(
    "fault", ["", "/garbage 2 ", "/half 2 ", "/splutter 2 ", "/crash 3 ", "/crash prompt ", "/crash render "]
)
def test_no_text_of_a_conversation_is_logged(
    home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    """Whatever fails while a reply is made, neither the question nor the reply stands in the log."""
    monkeypatch.setenv("TEAHOUSE_DEV", "1")
    app = App.open()
    try:
        with caplog.at_level(logging.INFO):
            app.settings.set("echo.delay_ms", 1)
            made = app.store.create_conversation(model="echo/echo")
            try:
                for _ in take_turn(app, TurnRequest(made.id, fault + SECRET))(Cancel()):
                    pass
            except AppError:
                assert fault
    finally:
        app.close()
    said = "\n".join(logging.Formatter().format(record) for record in caplog.records)
    assert SECRET[:4] not in said
    assert SECRET[-2:] not in said
    if fault.startswith("/crash"):
        assert "echo" in said  # the failure itself is there
