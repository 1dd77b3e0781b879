"""`teahouse chats list|search|show|trash|restore` as a person types them."""

from __future__ import annotations

import json
import os
import pty
from pathlib import Path

import pytest

from teahouse.search import index
from teahouse.store import Store
from tests.core.cli.commands import COMMAND, environment, is_quiet, teahouse
from tests.core.store.samples import raw


@pytest.fixture
def ids(home: Path) -> dict[str, str]:
    """Three conversations: `tea`, pinned, with messages; `old`, archived; `gone`, in the trash."""
    store = Store(home / "data" / "teahouse.db")
    made = {
        name: store.create_conversation(title=f"About {name}", model="qwen").id
        for name in ("tea", "old", "gone")
    }
    store.add_message(made["tea"], "user", "Which 茶 is in the tea house\u001b[31m?")
    store.add_message(made["tea"], "assistant", "乌龙茶 oolong")
    store.change_conversation(
        made["tea"], folder="drinks", tags=["best"], is_pinned=True, system_prompt="Be brief."
    )
    store.change_conversation(made["old"], is_archived=True)
    store.trash_conversation(made["gone"])
    store.close()
    return made


def listed(*options: str) -> list[str]:
    done = teahouse("chats", "list", "--json", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return [conversation["title"] for conversation in json.loads(done.stdout)]


def terminal(*arguments: str) -> str:
    """What the command prints into a terminal."""
    seen = b""
    pid, screen = pty.fork()
    if pid == 0:  # pragma: no cover
        os.execve(COMMAND[0], [*COMMAND, *arguments], environment(TERM="xterm"))
    try:
        while block := os.read(screen, 4096):
            seen += block
    except OSError:  # the other end is closed
        pass
    os.close(screen)
    assert os.waitpid(pid, 0)[1] == 0
    return seen.decode().replace("\r\n", "\n")


# --- list -----------------------------------------------------------------------------------------------


def test_list_shows_neither_archive_nor_trash(ids: dict[str, str]) -> None:
    assert listed() == ["About tea"]
    assert listed("--archived") == ["About old"]
    assert listed("--trashed") == ["About gone"]


def test_list_in_words(ids: dict[str, str]) -> None:
    done = teahouse("chats", "list")
    assert (done.returncode, done.stderr) == (0, "")
    [line] = done.stdout.splitlines()
    short_id, *_when, title = line.split("  ")[:3]
    assert ids["tea"].endswith(short_id)
    assert title == "About tea"
    assert "[drinks]" in line
    assert "#best" in line


def test_list_as_json_has_every_field(ids: dict[str, str]) -> None:
    [found] = json.loads(teahouse("chats", "list", "--json").stdout)
    assert found["id"] == ids["tea"]
    assert (found["folder"], found["tags"], found["is_pinned"], found["model"]) == (
        "drinks",
        ["best"],
        True,
        "qwen",
    )


def test_an_empty_list_says_so() -> None:
    assert teahouse("chats", "list", "--json").stdout == "[]\n"
    assert teahouse("chats", "list").stdout.strip()


# --- search ---------------------------------------------------------------------------------------------


def test_search_as_json(ids: dict[str, str]) -> None:
    done = teahouse("chats", "search", "--json", "乌龙", "-green")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert found["problems"] == []
    [hit] = found["hits"]
    assert (hit["conversation_id"], hit["title"], hit["role"]) == (ids["tea"], "About tea", "assistant")
    assert (hit["snippet"], hit["marks"]) == ("乌龙茶 oolong", [[0, 2]])


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["茶"], 2),
        (["about"], 2),
        (["about", "is:trashed"], 1),
        (['"tea house"'], 1),
        (["tea", "-house"], 1),
        (["-house", "tea"], 1),
        (["oolong", "in:drinks", "tag:best"], 1),
        (["茶", "--limit", "1"], 1),
        (["nothing of it"], 0),
    ],
)
def test_search_counts(ids: dict[str, str], words: list[str], count: int) -> None:
    done = teahouse("chats", "search", "--json", *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["hits"]) == count


def test_search_takes_in_what_an_older_version_has_written(ids: dict[str, str], home: Path) -> None:
    with raw(home / "data" / "teahouse.db") as connection:
        index.start_again(connection)
    assert "乌龙茶 oolong" in teahouse("chats", "search", "oolong").stdout
    done = teahouse("chats", "search", "about", "is:trashed")
    assert (done.returncode, done.stderr) == (0, "")
    assert "About gone" in done.stdout


def test_search_in_words(ids: dict[str, str]) -> None:
    done = teahouse("chats", "search", "oolong", "folder:x")
    assert done.returncode == 0
    assert "folder:" in done.stderr
    assert is_quiet(done)
    done = teahouse("chats", "search", "oolong")
    assert (done.returncode, done.stderr) == (0, "")
    assert "About tea" in done.stdout
    assert "乌龙茶 oolong" in done.stdout
    assert teahouse("chats", "search", "zzz").stdout.strip()


def test_search_in_a_terminal_marks_what_was_found_and_does_nothing_else(ids: dict[str, str]) -> None:
    seen = terminal("chats", "search", "house")
    assert "tea \x1b[1mhouse\x1b[0m" in seen
    assert "\x1b[31m" not in seen


def test_search_without_a_query_is_wrong_usage() -> None:
    assert teahouse("chats", "search").returncode == 2


# --- show -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["About tea", "TEA", "tea"])
def test_show_by_title(ids: dict[str, str], name: str) -> None:
    done = teahouse("chats", "show", name)
    assert (done.returncode, done.stderr) == (0, "")
    headings = [line for line in done.stdout.splitlines() if line.startswith("#")]
    assert headings == ["# About tea", "## System prompt", "## You", "## Model"]
    assert "Be brief." in done.stdout
    assert "乌龙茶 oolong" in done.stdout


def test_show_by_the_end_or_the_beginning_of_the_id(ids: dict[str, str]) -> None:
    for part in (ids["tea"], ids["tea"][-6:], ids["tea"][-12:].upper(), ids["tea"][:-1]):
        done = teahouse("chats", "show", "--json", part)
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert found["id"] == ids["tea"]
        assert [message["role"] for message in found["messages"]] == ["user", "assistant"]


def test_show_finds_the_archive_and_the_trash_too(ids: dict[str, str]) -> None:
    assert "in the archive" in teahouse("chats", "show", "about old").stdout
    assert "in the trash" in teahouse("chats", "show", ids["gone"]).stdout


def test_show_of_what_is_not_one_conversation(ids: dict[str, str]) -> None:
    for name, said in (("About", ids["old"]), ("nonesuch", "nonesuch"), ("", "chats list")):
        done = teahouse("chats", "show", name)
        assert done.returncode == 1
        assert said in done.stderr
        assert is_quiet(done)


def test_show_in_a_terminal_is_harmless(ids: dict[str, str]) -> None:
    seen = terminal("chats", "show", "About tea")
    assert "␛[31m" in seen
    assert "\x1b[31m" not in seen


# --- trash, restore -------------------------------------------------------------------------------------


def test_trash_and_back(ids: dict[str, str]) -> None:
    done = teahouse("chats", "trash", ids["tea"][-8:], ids["old"])
    assert (done.returncode, done.stderr) == (0, "")
    assert f"teahouse chats restore {ids['tea']}" in done.stdout
    assert listed() == listed("--archived") == []
    assert sorted(listed("--trashed")) == ["About gone", "About old", "About tea"]
    done = teahouse("chats", "restore", ids["tea"][-8:], ids["tea"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("About tea") == 1
    assert listed() == ["About tea"]


def test_trash_and_back_as_json(ids: dict[str, str]) -> None:
    [gone] = json.loads(teahouse("chats", "trash", ids["tea"], "--json").stdout)
    assert gone["id"] == ids["tea"] and gone["trashed_ms"] > 0 and listed() == []
    [back] = json.loads(teahouse("chats", "restore", "--json", ids["tea"]).stdout)
    assert back == gone | {"trashed_ms": None} and listed() == ["About tea"]
    assert teahouse("chats", "trash", "0123456789", "--json").stdout == ""


@pytest.mark.parametrize("arguments", [("list",), ("search", "zap"), ("show", "zap")])
def test_json_does_nothing_in_a_terminal(home: Path, arguments: tuple[str, ...]) -> None:
    """JSON itself escapes the first 32 control characters only: 9b begins a sequence as well."""
    title = "zap\x9b31m\x7f"
    store = Store(home / "data" / "teahouse.db")
    store.create_conversation(title=title)
    store.close()
    done = teahouse("chats", *arguments, "--json")
    assert done.returncode == 0 and "\x9b" not in done.stdout and "\x7f" not in done.stdout
    assert json.dumps(title)[1:-1] in json.dumps(json.loads(done.stdout))


def test_one_wrong_id_moves_nothing(ids: dict[str, str]) -> None:
    done = teahouse("chats", "trash", ids["tea"], "0123456789")
    assert done.returncode == 1
    assert "0123456789" in done.stderr
    assert is_quiet(done)
    assert listed() == ["About tea"]


@pytest.mark.parametrize("command", ["trash", "restore"])
def test_a_title_is_not_enough_to_move_a_conversation(ids: dict[str, str], command: str) -> None:
    assert teahouse("chats", command, "About tea").returncode == 1
    assert teahouse("chats", command).returncode == 2


def test_what_is_in_the_trash_already_cannot_be_trashed(ids: dict[str, str]) -> None:
    assert teahouse("chats", "trash", ids["gone"]).returncode == 1
    assert teahouse("chats", "restore", ids["tea"]).returncode == 1


def test_export_and_import_are_there_too() -> None:
    done = teahouse("chats", "--help")
    assert done.returncode == 0
    for word in ("list", "search", "show", "trash", "restore", "export", "import"):
        assert word in done.stdout
