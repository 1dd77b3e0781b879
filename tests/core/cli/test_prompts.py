"""`teahouse prompts` as a person types it."""

from __future__ import annotations

import json

from tests.core.cli.commands import is_quiet, teahouse


def names() -> list[str]:
    done = teahouse("prompts", "list", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [prompt["name"] for prompt in json.loads(done.stdout)]


def test_prompts_are_added_shown_renamed_and_removed() -> None:
    assert "no prompt" in teahouse("prompts", "list").stdout
    assert teahouse("prompts", "add", "brief", "Answer in one line.").returncode == 0
    assert teahouse("prompts", "add", "monk", "-", stdin="You are\na 茶 monk.\n").returncode == 0
    assert names() == ["brief", "monk"]
    assert teahouse("prompts", "show", "monk").stdout == "You are\na 茶 monk."
    assert "You are␊a 茶 monk." in teahouse("prompts", "list").stdout
    assert teahouse("prompts", "rename", "monk", "tea monk").returncode == 0
    assert teahouse("prompts", "remove", "brief").returncode == 0
    assert names() == ["tea monk"]


def test_what_cannot_be_done_is_said_in_words() -> None:
    teahouse("prompts", "add", "one", "x")
    teahouse("prompts", "add", "two", "y")
    for arguments in (("show", "three"), ("remove", "three"), ("rename", "one", "two"), ("add", " ", "z")):
        done = teahouse("prompts", *arguments)
        assert (done.returncode, is_quiet(done)) == (1, True), arguments
        assert done.stderr.startswith("Error: ")
    assert names() == ["one", "two"]
