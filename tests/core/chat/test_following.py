"""A choice of adapters that is made while a reply is written reaches whichever engine writes it."""

from __future__ import annotations

import time
from typing import Any

from teahouse.app import App
from teahouse.chat.following import LOOK_EACH_S, Following
from teahouse.chat.turn import TurnRequest
from teahouse.messages import ContextFitted, PromptRead

FITTED, READ = ContextFitted("r", 3, 100), PromptRead("r", 0, 3, 0)


def look(following: Following) -> None:
    """As often as it takes until a choice that stands still is told."""
    for _ in range(3):
        time.sleep(LOOK_EACH_S)
        following.look()


def choose(app: App, choice: str) -> None:
    [talk] = app.store.conversations()
    app.store.change_conversation(talk.id, settings={"chat.adapters": choice})


def test_an_engine_that_is_started_again_hears_the_choice_once_more(app: App) -> None:
    heard: list[Any] = []
    app.settings.set("chat.adapters", "milk=0.5")
    talk = app.store.create_conversation(model="echo/echo")
    following = Following(app, TurnRequest(talk.id), talk, "echo/echo")
    following.take(FITTED)
    choose(app, "milk=0")
    look(following)
    following.steering.line.open(heard.append)
    assert heard == []  # nobody reads yet who could be told
    following.take(READ)
    look(following)
    none = {"adapters": [], "told": {"adapters": [], "names": []}}
    assert heard == [none]
    look(following)
    assert heard == [none]
    following.steering.line.close()  # the engine died, and is started again with the first choice
    following.take(FITTED)
    look(following)
    following.steering.line.open(heard.append)
    following.take(READ)
    look(following)
    assert heard == [none, none]
