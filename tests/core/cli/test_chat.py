"""`teahouse chat`, and `teahouse` where there is no display."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.core.cli.commands import COMMAND, children_of, echo, environment, is_quiet, teahouse


def kept(home: Path) -> list[tuple[str, str, str]]:
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    try:
        return connection.execute(
            "SELECT role, state, (SELECT data FROM part WHERE message_id = message.id AND kind = 'text')"
            " FROM message ORDER BY number"
        ).fetchall()
    finally:
        connection.close()


def test_a_conversation_is_answered_and_kept(home: Path) -> None:
    done = echo("chat", "--model", "echo/echo", stdin="first 茶\n\n  \nsecond\n/quit\nnever\n")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "first 茶" in done.stdout
    assert "never" not in done.stdout
    assert [(role, text) for role, _state, text in kept(home)] == [
        ("user", "first 茶"), ("assistant", "first 茶"), ("user", "second"), ("assistant", "second"),
    ]  # fmt: skip
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    assert connection.execute("SELECT count(*) FROM conversation").fetchone() == (1,)
    connection.close()


def test_the_end_of_the_input_ends_the_chat(home: Path) -> None:
    done = echo("chat", "--model", "echo/echo", stdin="only this")
    assert done.returncode == 0
    assert "only this" in done.stdout


def test_a_chat_in_which_nothing_is_said_keeps_nothing(home: Path) -> None:
    assert echo("chat", "--model", "echo/echo", stdin="/quit\n").returncode == 0
    assert not (home / "data" / "teahouse.db").exists()


def test_a_crash_is_told_and_the_chat_goes_on(home: Path) -> None:
    done = echo("chat", "--model", "echo/echo", stdin="/crash 2 text\nnext\n")
    assert done.returncode == 0
    assert "SIGSEGV" in done.stderr
    assert is_quiet(done)
    assert [state for _role, state, _text in kept(home)] == ["complete", "partial", "complete", "complete"]
    assert kept(home)[-1][2] == "next"


def test_without_a_model_it_is_1() -> None:
    done = teahouse("chat", stdin="hello\n")
    assert done.returncode == 1
    assert "teahouse models get starter" in done.stderr


def test_without_a_display_one_line_says_so_and_the_chat_starts(home: Path) -> None:
    done = echo(stdin="hello 茶\n/quit\n")
    assert done.returncode == 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert "display" in done.stderr
    assert "hello 茶" in done.stdout
    assert kept(home)[1][2] == "hello 茶"


def test_the_same_in_chinese() -> None:
    done = echo(stdin="/quit\n", TEAHOUSE_LANGUAGE="zh_CN")
    assert done.returncode == 0
    assert sum("\u4e00" <= c <= "\u9fff" for c in done.stderr) > 4, done.stderr


def test_ctrl_c_stops_a_reply_and_not_the_chat(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("[echo]\ndelay_ms = 20\n", "utf-8")
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*COMMAND, "chat", "--model", "echo/echo"],
        stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True,
        env=environment(TEAHOUSE_DEV="1", PYTHONUNBUFFERED="1"),
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"abcdefghij" * 100 + b"\n")
    process.stdin.flush()
    said = b""
    while b"abcde" not in said:
        said += process.stdout.read(1)
    [engine] = children_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)
    while b"[stopped]" not in said:
        piece = process.stdout.read(1)
        assert piece, said
        said += piece
    assert children_of(process.pid) == [engine], "the engine was lost"
    out, error = process.communicate(b"next one\n/quit\n", timeout=30)
    assert process.returncode == 0
    assert b"next one" in out
    assert b"Traceback" not in error
    assert [(role, state) for role, state, _text in kept(home)] == [
        ("user", "complete"), ("assistant", "stopped"), ("user", "complete"), ("assistant", "complete"),
    ]  # fmt: skip


def test_ctrl_c_at_the_prompt_ends_the_chat(home: Path) -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*COMMAND, "chat", "--model", "echo/echo"],
        stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True,
        env=environment(TEAHOUSE_DEV="1", PYTHONUNBUFFERED="1"),
    )  # fmt: skip
    assert process.stdout is not None
    said = b""
    while not said.endswith(b"> "):
        piece = process.stdout.read(1)
        assert piece, said
        said += piece
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _out, error = process.communicate(timeout=20)
    assert process.returncode in (0, 130)
    assert b"Traceback" not in error


def settings(home: Path, text: str) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text(text, "utf-8")


LONG = "".join(f"question {number} ".ljust(50, "x") + "\n" for number in range(6))


def test_what_is_not_sent_is_told_on_stderr(home: Path) -> None:
    settings(home, "[engine]\ncontext = 512\n[echo]\ndelay_ms = 0\n")
    done = echo("chat", "--model", "echo/echo", stdin=LONG)
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines
    assert all("not sent" in line and line.rstrip(".").rsplit(" ", 1)[1].isdecimal() for line in lines)
    assert "not sent" not in done.stdout


def test_a_summary_is_told_too(home: Path) -> None:
    settings(home, "[engine]\ncontext = 1024\n[echo]\ndelay_ms = 0\n")
    done = echo("chat", "--model", "echo/echo", "--overflow", "summarise", stdin=LONG.replace("x", "xxx"))
    assert done.returncode == 0
    assert "replaced by a summary" in done.stderr


def test_a_full_context_that_is_refused_is_told_and_the_chat_goes_on(home: Path) -> None:
    settings(home, "[engine]\ncontext = 512\n[echo]\ndelay_ms = 0\n")
    done = echo("chat", "--model", "echo/echo", "--overflow", "refuse", stdin=LONG)
    assert done.returncode == 0
    assert "512" in done.stderr
    assert [text[:10] for role, _state, text in kept(home) if role == "user"][-1] == "question 5"


def test_reasoning_is_not_on_stdout(home: Path) -> None:
    done = echo("chat", "--model", "echo/echo", stdin="/think well …\n")
    assert "well …\n" in done.stdout
    assert done.stdout.count("well …") == 1


@pytest.mark.gguf
def test_the_starter_remembers_what_was_said(starter: Path) -> None:
    done = teahouse(
        "chat", "--model", str(starter), "--temperature", "0", "--max-tokens", "24",
        stdin="My name is Lu Yu. Greet me.\nWhat is my name?\n", within_s=180,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stderr == ""
    assert "Lu Yu" in done.stdout.rpartition("> ")[0].rpartition("> ")[2]


def test_a_reply_that_was_cut_goes_on(home: Path) -> None:
    lines = "/continue\none two three\n/continue\n/continue\n/quit\n"
    done = echo("chat", "--model", "echo/echo", "--max-tokens", "7", stdin=lines)
    assert done.returncode == 0
    assert done.stderr.count("There is no reply to go on with.") == 2
    assert [(state, text) for _role, state, text in kept(home)] == [
        ("complete", "one two three"),
        ("complete", "one two"),
        ("complete", "one two three"),
    ]
