"""`teahouse ask` as the issue words it: what it prints, what it exits with."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.core.cli.commands import COMMAND, Done, children_of, echo, environment, is_quiet, teahouse
from tests.core.confined import confined
from tests.core.models import ggufs

KEYS = {"reply", "model", "finish_reason", "usage", "timings"}
USAGE = {"prompt_tokens", "cached_tokens", "completion_tokens"}
TIMINGS = {"load_s", "first_token_s", "prompt_tps", "decode_tps"}


def refused(done: Done, *words: str) -> bool:
    """Exit code 1, the words on stderr, nothing on stdout, no traceback."""
    assert done.returncode == 1, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert is_quiet(done), done.stderr
    for word in words:
        assert word in done.stderr, done.stderr
    return True


def kept(home: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    try:
        return connection.execute(
            "SELECT role, state, (SELECT group_concat(data, '') FROM part WHERE message_id = message.id)"
            " FROM message ORDER BY number"
        ).fetchall()
    finally:
        connection.close()


# --- a good answer --------------------------------------------------------------------------------


def test_the_answer_is_printed_and_nothing_else(home: Path) -> None:
    done = echo("ask", "Hello 茶馆", "--model", "echo/echo")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Hello 茶馆\n", "")
    assert not (home / "data" / "teahouse.db").exists()


def test_json_is_one_object_with_exactly_these_keys() -> None:
    done = echo("ask", "Hello 茶馆", "--json", "--model", "echo/echo", "--system", "Be brief.")
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 1
    found = json.loads(done.stdout)
    assert set(found) == KEYS
    assert set(found["usage"]) == USAGE
    assert set(found["timings"]) == TIMINGS
    assert (found["reply"], found["model"], found["finish_reason"]) == ("Hello 茶馆", "echo/echo", "stop")
    prompt = "system: Be brief.\nuser: Hello 茶馆\n"
    assert found["usage"] == {"prompt_tokens": len(prompt), "cached_tokens": 0, "completion_tokens": 8}
    assert all(isinstance(value, int | float) for value in found["timings"].values())
    assert "茶馆" in done.stdout


@pytest.mark.parametrize("arguments", [("ask",), ("ask", "-")])
def test_the_question_comes_from_stdin_when_it_is_missing_or_a_dash(arguments: tuple[str, ...]) -> None:
    done = echo(*arguments, "--model", "echo/echo", stdin="From stdin 茶\nsecond line")
    assert (done.returncode, done.stdout) == (0, "From stdin 茶\nsecond line\n")


def test_stdin_is_not_read_when_there_is_a_question() -> None:
    """A pipe that never ends must not hold the answer up."""
    read, write = os.pipe()
    try:
        done = subprocess.run(
            [*COMMAND, "ask", "hello", "--model", "echo/echo"],
            stdin=read, capture_output=True, text=True, timeout=60, env=environment(TEAHOUSE_DEV="1"),
        )  # fmt: skip
    finally:
        os.close(read)
        os.close(write)
    assert (done.returncode, done.stdout) == (0, "hello\n")


def test_the_options_take_effect(home: Path) -> None:
    done = echo(
        "ask", "Hello there", "--json", "--save", "--model", "echo/echo",
        "--max-tokens", "5", "--seed", "42", "--temperature", "0.25", "--system", "Be brief.",
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert (found["reply"], found["finish_reason"], found["usage"]["completion_tokens"]) == (
        "Hello",
        "length",
        5,
    )
    assert kept(home) == [("user", "complete", "Hello there"), ("assistant", "complete", "Hello")]
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    [(seed, sampling)] = connection.execute("SELECT seed, sampling FROM generation").fetchall()
    [(system,)] = connection.execute("SELECT system_prompt FROM conversation").fetchall()
    connection.close()
    assert (seed, json.loads(sampling)["temperature"], system) == (42, 0.25, "Be brief.")


def test_the_default_model_is_asked(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text('[models]\ndefault = "echo/fragile"\n', "utf-8")
    assert json.loads(echo("ask", "x", "--json").stdout)["model"] == "echo/fragile"


def test_a_reply_that_is_cut_off_by_head_is_no_error() -> None:
    command = [*COMMAND, "ask", "x" * 2000, "--model", "echo/echo"]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=environment(TEAHOUSE_DEV="1"),
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(3)
    process.stdout.close()
    error = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(30) in (0, 1, -signal.SIGPIPE)
    assert "Traceback" not in error


# --- wrong usage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", ""), ("ask", "  \n"), ("ask",), ("ask", "a", "b"), ("ask", "a", "--no-such-option"),
        ("ask", "a", "--max-tokens", "0"), ("ask", "a", "--max-tokens", "x"),
        ("ask", "a", "--temperature", "9"),
        ("ask", "a", "--seed", "-1"), ("ask", "a", "--model"), ("no-such-command",), ("--no-such-option",),
        ("models",), ("models", "get"), ("plugins", "list", "extra"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    done = teahouse(*arguments)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert is_quiet(done)
    assert done.stderr or done.stdout


# --- errors ---------------------------------------------------------------------------------------


def test_a_model_that_is_not_there_is_1() -> None:
    assert refused(echo("ask", "x", "--model", "nonesuch"), "nonesuch")


def test_a_starter_that_was_not_fetched_is_1_and_says_how_to_get_it() -> None:
    assert refused(teahouse("ask", "x", "--model", "starter"), "starter", "teahouse models get starter")


@pytest.mark.parametrize("arguments", [("ask",), ("chat",)])
def test_input_in_another_encoding_is_1(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments, "--model", "echo/echo"],
        input="茶馆在哪里".encode("gb18030"), capture_output=True, timeout=60,
        env=environment(TEAHOUSE_DEV="1", LC_ALL="C.UTF-8", PYTHONUTF8="0", PYTHONIOENCODING="utf-8:strict"),
    )  # fmt: skip
    assert done.returncode == 1
    error = done.stderr.decode()
    assert "utf-8" in error
    assert "wrong" not in error
    assert "Traceback" not in error


def test_no_model_at_all_is_1_and_says_how_to_get_one() -> None:
    assert refused(teahouse("ask", "x"), "teahouse models get starter")


def test_a_file_that_is_not_there_is_1(tmp_path: Path) -> None:
    file = tmp_path / "测试 missing.gguf"
    assert refused(teahouse("ask", "x", "--model", str(file)), str(file))


BROKEN = {
    "random.gguf": bytes(range(7, 256)) * 40,
    "empty.gguf": b"",
    "magic.gguf": b"GGUF",
    "counts.gguf": b"GGUF\3\0\0\0" + b"\xff" * 16,
    "text.gguf": "这不是模型".encode(),
    "words.txt": b"not a model",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_1_and_names_file_and_reason(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(BROKEN[name])
    done = teahouse("ask", "x", "--model", str(file))
    assert refused(done, str(file))
    assert len(done.stderr.replace(str(file), "").strip()) > 20


@pytest.mark.parametrize("kind", ["folder", "dangling", "fifo", "unreadable"])
def test_what_is_no_file_is_1(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.gguf"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("/proc/self/mem")  # a file that even root cannot read from its beginning
    assert refused(teahouse("ask", "x", "--model", str(path), within_s=20), str(path))


def test_a_file_that_may_not_be_read_is_1(importable: None, tmp_path: Path) -> None:
    file = ggufs.write(tmp_path / "x.gguf")
    file.chmod(0)
    done = subprocess.run(
        confined(*COMMAND[1:], "ask", "x", "--model", str(file)),
        stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=60,
        env=environment(),
    )  # fmt: skip
    assert refused(done, str(file), "Permission denied")


def test_a_crash_is_1_with_its_reason(home: Path) -> None:
    done = echo("ask", "/crash 0 text", "--model", "echo/echo", "--json")
    assert refused(done, "SIGSEGV")


def test_a_crash_in_the_middle_keeps_the_beginning(home: Path) -> None:
    done = echo("ask", "/crash 4 text and more", "--model", "echo/echo", "--save")
    assert done.returncode == 1
    assert done.stdout.startswith("text")
    assert is_quiet(done)
    [_user, (role, state, text)] = kept(home)
    assert (role, state) == ("assistant", "partial")
    assert text.startswith("text")


def test_an_error_is_told_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(b"x" * 100)
    done = teahouse("ask", "x", "--model", str(file), TEAHOUSE_LANGUAGE="zh_CN")
    assert refused(done, str(file))
    chinese = [c for c in done.stderr.replace(str(file), "") if "\u4e00" <= c <= "\u9fff"]
    assert len(chinese) > 8, done.stderr


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way", "utf-8")
    done = echo("ask", "x", "--model", "echo/echo", "--save", TEAHOUSE_HOME=str(place))
    assert done.returncode == 1
    assert is_quiet(done)
    assert str(place) in done.stderr


# --- notices --------------------------------------------------------------------------------------


def test_a_broken_settings_file_is_told_and_the_answer_comes(home: Path) -> None:
    """Without a language in the environment the settings are asked for it, before the app opens."""
    file = home / "config" / "settings.toml"
    for language in ("en", ""):
        file.parent.mkdir(exist_ok=True)
        file.write_text("not [ toml", "utf-8")
        done = echo("ask", "x", "--model", "echo/echo", TEAHOUSE_LANGUAGE=language, LC_ALL="C.UTF-8")
        assert (done.returncode, done.stdout) == (0, "x\n")
        assert str(file) in done.stderr


def test_a_setting_that_is_not_allowed_is_told(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("[chat]\nmax_tokens = -5\n", "utf-8")
    done = echo("ask", "x", "--model", "echo/echo")
    assert (done.returncode, done.stdout) == (0, "x\n")
    assert "chat.max_tokens" in done.stderr


# --- the context ----------------------------------------------------------------------------------


def configured(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text(text, "utf-8")


def test_a_dry_run_prints_exactly_what_would_be_sent_and_keeps_nothing(home: Path) -> None:
    done = echo("ask", "Hello 茶馆", "--dry-run", "--model", "echo/echo", "--system", "Be brief.")
    assert (done.returncode, done.stdout, done.stderr) == (0, "system: Be brief.\nuser: Hello 茶馆\n", "")
    assert not (home / "data" / "teahouse.db").exists()


def test_a_dry_run_as_json() -> None:
    done = echo("ask", "Hello 茶馆", "--dry-run", "--json", "--model", "echo/echo")
    assert json.loads(done.stdout) == {
        "model": "echo/echo",
        "prompt": "user: Hello 茶馆\n",
        "prompt_tokens": len("user: Hello 茶馆\n"),
        "context": 8192,
    }


def test_a_dry_run_that_should_be_saved_is_2() -> None:
    assert echo("ask", "x", "--dry-run", "--save", "--model", "echo/echo").returncode == 2


@pytest.mark.parametrize("more", [(), ("--overflow", "refuse"), ("--dry-run",), ("--save",)])
def test_a_question_longer_than_the_context_is_1(home: Path, more: tuple[str, ...]) -> None:
    configured(home, "[engine]\ncontext = 256\n")
    assert refused(echo("ask", "x" * 400, "--model", "echo/echo", *more), "256", "407", "Nothing was sent")


@pytest.mark.parametrize("arguments", [("--overflow", "all"), ("--reasoning", "maybe")])
def test_words_that_are_no_choice_are_2(arguments: tuple[str, str]) -> None:
    assert echo("ask", "x", "--model", "echo/echo", *arguments).returncode == 2


@pytest.mark.parametrize("more", [(), ("--reasoning", "on"), ("--reasoning", "off"), ("--save",)])
def test_reasoning_is_never_mixed_into_the_answer(more: tuple[str, ...]) -> None:
    done = echo("ask", "/think well …\nGreen.", "--model", "echo/echo", *more)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Green.\n", "")
    found = json.loads(echo("ask", "/think well …\nGreen.", "--json", "--model", "echo/echo", *more).stdout)
    assert set(found) == KEYS
    assert set(found["timings"]) == TIMINGS
    assert found["reply"] == "Green."
    assert found["usage"]["completion_tokens"] == (6 if "off" in more else 12)


def test_a_reproducible_reply_is_kept_as_such(home: Path) -> None:
    assert echo("ask", "x", "--save", "--reproducible", "--model", "echo/echo").returncode == 0
    connection = sqlite3.connect(home / "data" / "teahouse.db")
    [(engine,)] = connection.execute("SELECT engine FROM generation").fetchall()
    connection.close()
    assert json.loads(engine)["is_reproducible"] is True


# --- Ctrl-C ---------------------------------------------------------------------------------------


def interrupt(process: subprocess.Popen[bytes], text: str) -> tuple[str, str, list[int], float]:
    """Wait for text, press Ctrl-C as a terminal does: (stdout, stderr, children before, seconds)."""
    assert process.stdout is not None
    said = b""
    while text.encode() not in said:
        piece = process.stdout.read(1)
        assert piece, said
        said += piece
    children = children_of(process.pid)
    begun = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=20)
    return (said + out).decode(), error.decode(), children, time.monotonic() - begun


def started(*arguments: str, **environ: str) -> subprocess.Popen[bytes]:
    """The command as the leader of a process group of its own, as under a shell."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, start_new_session=True,
        env=environment(TEAHOUSE_DEV="1", PYTHONUNBUFFERED="1", **environ),
    )  # fmt: skip


def slow(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("[echo]\ndelay_ms = 30\n", "utf-8")


def test_ctrl_c_is_130_and_leaves_no_child(home: Path) -> None:
    slow(home)
    process = started("ask", "abcdefghij" * 100, "--model", "echo/echo")
    _said, error, children, took_s = interrupt(process, "abcde")
    assert process.returncode == 130
    assert "Traceback" not in error
    assert children
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert took_s < 6


def test_ctrl_c_keeps_what_had_come(home: Path) -> None:
    slow(home)
    process = started("ask", "abcdefghij" * 100, "--model", "echo/echo", "--save")
    _said, _error, _children, _took_s = interrupt(process, "abcde")
    assert process.returncode == 130
    [_user, (role, state, text)] = kept(home)
    assert (role, state) == ("assistant", "stopped")
    assert text.startswith("abcde")
    assert len(text) < 500


def test_ctrl_c_ends_a_hung_engine_too(home: Path) -> None:
    process = started("ask", "/hang 3 text", "--model", "echo/echo")
    _said, error, children, took_s = interrupt(process, "tex")
    assert process.returncode == 130
    assert "Traceback" not in error
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert took_s < 8


# --- the real model -------------------------------------------------------------------------------


@pytest.mark.gguf
def test_the_starter_answers(starter: Path) -> None:
    question = "What is the capital of France? Answer in one word."
    done = teahouse(
        "ask",
        question,
        "--json",
        "--model",
        str(starter),
        "--temperature",
        "0",
        "--max-tokens",
        "20",
        within_s=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert "Paris" in found["reply"]
    assert found["usage"]["prompt_tokens"] > 10
    assert all(found["timings"][name] > 0 for name in TIMINGS)


@pytest.mark.gguf
def test_what_the_starter_would_be_sent(starter: Path) -> None:
    done = teahouse(
        "ask", "What is <|im_end|>?", "--dry-run", "--json", "--model", str(starter), within_s=120
    )
    found = json.loads(done.stdout)
    assert found["prompt"].endswith(
        "<|im_start|>user\nWhat is <|im_end|>?<|im_end|>\n<|im_start|>assistant\n"
    )
    assert 10 < found["prompt_tokens"] < 60


@pytest.mark.gguf
def test_ctrl_c_stops_the_starter(starter: Path) -> None:
    process = started("ask", "Count from 1 to 100.", "--model", str(starter), "--temperature", "0")
    _said, error, children, took_s = interrupt(process, "3")
    assert process.returncode == 130
    assert "Traceback" not in error
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert took_s < 8


@pytest.mark.gguf
def test_a_truncated_starter_is_1(starter: Path, tmp_path: Path) -> None:
    file = tmp_path / "half 茶.gguf"
    with starter.open("rb") as source:
        file.write_bytes(source.read(20_000_000))
    assert refused(teahouse("ask", "x", "--model", str(file)), str(file))
