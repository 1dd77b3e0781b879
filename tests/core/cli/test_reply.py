"""What the terminal says of a reply that a limit has cut."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse.cli.reply import ReplyView
from teahouse.messages import ContextFound
from tests.core.cli.commands import echo

FULL = "The reply ends here because the context is full.\n"
LONGEST = "The reply was cut at the longest reply (chat.max_tokens, --max-tokens).\n"


@pytest.fixture(autouse=True)
def small(home: Path) -> None:
    """The echo model has a small context and answers at once."""
    (home / "config").mkdir()
    settings = "[engine]\ncontext = 512\n[echo]\ndelay_ms = 0\n"
    (home / "config" / "settings.toml").write_text(settings, "utf-8")


@pytest.mark.parametrize("kept", [(), ("--save",)])
def test_a_full_context_is_the_reason(kept: tuple[str, ...]) -> None:
    done = echo("ask", "x" * 300, "--model", "echo/echo", *kept)
    written = 512 - len("user: \n") - 300
    assert (done.returncode, done.stdout, done.stderr) == (0, "x" * written + "\n", FULL)


def test_on_the_wire_it_stays_a_limit() -> None:
    done = echo("ask", "x" * 300, "--model", "echo/echo", "--json")
    assert (json.loads(done.stdout)["finish_reason"], done.stderr) == ("length", FULL)


@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_the_longest_reply_is_the_reason(as_json: tuple[str, ...]) -> None:
    done = echo("ask", "Hello there", "--model", "echo/echo", "--max-tokens", "5", *as_json)
    assert (done.returncode, done.stderr) == (0, LONGEST)


def test_a_reply_that_the_model_ended_has_no_reason() -> None:
    assert echo("ask", "Hello there", "--model", "echo/echo", "--max-tokens", "200").stderr == ""


def test_a_chat_says_it_after_each_reply_that_was_cut() -> None:
    done = echo("chat", "--model", "echo/echo", "--max-tokens", "5", stdin="hello\nlong enough\n/quit\n")
    assert (done.returncode, done.stderr) == (0, LONGEST)
    done = echo("chat", "--model", "echo/echo", stdin="x" * 300 + "\n/quit\n")
    assert (done.returncode, done.stderr) == (0, FULL)


def test_a_notice_of_what_was_found_is_told_beside_the_reply(capsys: pytest.CaptureFixture[str]) -> None:
    ReplyView().show(ContextFound("r", 0, "Nothing fits.\x1b[31m"))
    out, err = capsys.readouterr()
    assert out == "" and "Nothing fits." in err and "\x1b[31m" not in err
