"""A conversation whose adapter is gone says so, keeps what was written, and goes on after one command."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.chat.turn import TurnRequest, preview, take_turn
from teahouse.errors import AdapterError
from teahouse.jobs import Cancel, Job
from tests.core.cli.commands import teahouse
from tests.core.engine.chatty import ENDLESS, chatty_house

pytestmark = pytest.mark.gguf


@pytest.fixture
def opened(home: Path, tmp_path: Path) -> Iterator[tuple[App, str]]:
    """An app at home, and a conversation with the small model."""
    app, model = chatty_house(home, tmp_path)
    yield app, app.store.create_conversation(model=model).id
    app.close()


def turn(app: App, talk: str, text: str | None = "Hello 茶", **more: Any) -> Any:
    request = TurnRequest(talk, text, sampling=ENDLESS, max_tokens=4, **more)
    return Job("turn", take_turn(app, request)).run(lambda _event: None)


def failed(app: App, talk: str, **more: Any) -> AdapterError:
    """The error of a turn whose question is kept."""
    error = turn(app, talk, **more).error
    assert isinstance(error, AdapterError)
    asked, reply = app.store.visible_path(talk)[-2:]
    assert (asked.text, reply.state) == ("Hello 茶", "failed")
    [told] = [part.data for part in reply.parts if part.kind == "error"]
    assert told == f"{error.text}\n{error.hint}"
    assert "Your message is kept" in error.text
    return error


def goes_on_after(app: App, talk: str, command: str) -> tuple[str, ...]:
    """Names of the adapters with which the kept question is answered once the command has been typed."""
    program, *arguments = shlex.split(command)
    assert program == "teahouse"
    done = teahouse(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    asked = app.store.visible_path(talk)[-2]
    ended = turn(app, talk, None, parent_id=asked.id)
    assert ended.error is None
    made = app.store.generation(ended.result.message_id)
    assert made is not None
    return tuple(made.engine.get("adapters", ()))


def test_the_conversation_goes_on_without_it(opened: tuple[App, str]) -> None:
    app, talk = opened
    app.store.change_conversation(talk, settings={"chat.adapters": "tea 茶=0.5, milk=0.7, nowhere, lemon=0"})
    app.adapters.remove("tea 茶")
    error = failed(app, talk)
    assert "no adapter named “tea 茶”" in error.text
    assert error.data["command"] in error.hint
    with pytest.raises(AdapterError, match="tea 茶"):
        next(preview(app, TurnRequest(talk, "Hi"))(Cancel()))
    assert goes_on_after(app, talk, error.data["command"]) == ("milk",)
    assert app.store.conversation(talk).settings == {"chat.adapters": "milk=0.7, lemon=0"}


def test_one_that_is_chosen_for_all_is_left_out_of_this_conversation(opened: tuple[App, str]) -> None:
    app, talk = opened
    app.settings.set("chat.adapters", "milk")
    app.adapters.remove("milk")
    assert goes_on_after(app, talk, failed(app, talk).data["command"]) == ()


def test_what_was_named_for_one_reply_is_not_blamed_on_the_conversation(opened: tuple[App, str]) -> None:
    app, talk = opened
    error = failed(app, talk, settings={"chat.adapters": "nowhere"})
    assert "nowhere" in error.text
    assert "teahouse chats set" not in error.hint
    assert turn(app, talk).error is None


def test_one_that_was_renamed_is_still_chosen(opened: tuple[App, str]) -> None:
    app, talk = opened
    before = {"chat.adapters": "Tea 茶=0.5, milk=0.7", "chat.temperature": 0.5}
    app.store.change_conversation(talk, settings=before)
    other = app.store.create_conversation().id
    app.store.change_conversation(other, settings={"chat.adapters": "milk"})
    app.store.trash_conversation(other)
    app.settings.set("chat.adapters", "milk, tea 茶")
    app.settings.set("chat.adapters", "tea 茶=0.2", "some model")
    for old, new in (("tea 茶", "oolong"), ("milk", "cream 奶")):
        done = teahouse("adapters", "rename", old, new)
        assert (done.returncode, done.stderr) == (0, "")
    assert app.store.conversation(talk).settings == {**before, "chat.adapters": "oolong=0.5, cream 奶=0.7"}
    assert app.store.conversation(other).settings == {"chat.adapters": "cream 奶=1"}
    app.settings.read_again()
    assert app.settings.get("chat.adapters") == "cream 奶=1, oolong=1"
    assert app.settings.get("chat.adapters", "some model") == "oolong=0.2"
    made = app.store.generation(turn(app, talk).result.message_id)
    assert made is not None
    assert made.engine["adapters"] == ["oolong", "cream 奶"]
