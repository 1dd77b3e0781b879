"""The side that talks: three conversations in turn, with new answers, edits and switches of branch."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.side import serve, take_stdout
from bench.window import furnish
from teahouse.app import App
from teahouse.chat.turn import ROOT, TurnRequest, take_turn
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse.messages import Message, Reply

CONVERSATIONS = 3
REGENERATE_EACH, EDIT_EACH, SWITCH_EACH = 5, 7, 11
"""Every so manieth turn answers again, edits the last message, or goes on from another branch."""
QUESTIONS = (
    "Please tell me in one sentence which tea goes well with {topic}, and why people like it.",
    "And what should somebody know about {topic} who has never heard of it before?",
    "Give me one short example with {topic} in it that I could tell a friend this evening.",
)
TOPICS = ("rain", "mountains", "an old book", "breakfast", "a long journey", "winter", "music", "the sea")


class Tokens:
    """What has been computed in one tree of a conversation.

    A token's keys and values exist once it was read as part of a prompt or, written by the model, was
    followed by another one: the last token of a reply was chosen but not computed. `unseen(prompt)` is
    therefore the prompt's length after the longest beginning it shares with any earlier prompt + reply
    without its last token, and at least 1, because the last token must be read to go on from it.
    """

    def __init__(self) -> None:
        self._computed: list[Sequence[int]] = []

    def unseen(self, prompt: Sequence[int]) -> int:
        """Tokens that nobody could have kept."""
        shared = max((count_common(prompt, computed) for computed in self._computed), default=0)
        return max(1, len(prompt) - shared)

    def add(self, prompt: Sequence[int], reply: Sequence[int]) -> None:
        """Note what a turn has computed."""
        self._computed.append([*prompt, *reply[:-1]])


def count_common(first: Sequence[int], second: Sequence[int]) -> int:
    """Length of the longest common beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((place for place, (one, other) in pairs if one != other), min(len(first), len(second)))


class Talk:
    """Takes the turns in an app."""

    def __init__(self, app: App, *, max_tokens: int) -> None:
        self._app = app
        self._max_tokens = max_tokens
        self._ids = [app.store.create_conversation().id for _number in range(CONVERSATIONS)]

    def take(self, number: int) -> tuple[str, str, Reply]:
        """Turn `number`, from 0: which conversation, what kind of turn, and its reply."""
        conversation_id = self._ids[number % CONVERSATIONS]
        kind, request = self._request(number, conversation_id)
        steps = take_turn(self._app, request)(Cancel())
        while True:
            try:
                next(steps)
            except StopIteration as done:
                return conversation_id, kind, done.value

    def _request(self, number: int, conversation_id: str) -> tuple[str, TurnRequest]:
        path = self._path(conversation_id)
        text = QUESTIONS[number % len(QUESTIONS)].format(topic=TOPICS[number % len(TOPICS)])
        parent: str | None = None
        if len(path) < 2:
            return "send", self._make(conversation_id, text, None)
        if number % SWITCH_EACH == SWITCH_EACH - 1 and self._switch(path):
            return "switch", self._make(conversation_id, text, None)
        if number % EDIT_EACH == EDIT_EACH - 1:
            parent = path[-2].parent_id or ROOT
            return "edit", self._make(conversation_id, text, parent)
        if number % REGENERATE_EACH == REGENERATE_EACH - 1:
            return "regenerate", self._make(conversation_id, None, path[-2].id)
        return "send", self._make(conversation_id, text, None)

    def _make(self, conversation_id: str, text: str | None, parent_id: str | None) -> TurnRequest:
        sampling = Sampling(temperature=0.0, seed=1)
        return TurnRequest(
            conversation_id, text, parent_id=parent_id, sampling=sampling, max_tokens=self._max_tokens
        )

    def _path(self, conversation_id: str) -> list[Message]:
        leaf = self._app.store.conversation(conversation_id).leaf_id
        return list(self._app.store.path_to(leaf)) if leaf else []

    def _switch(self, path: Sequence[Message]) -> bool:
        """Show another version of the last message that has one; False where none has."""
        for message in reversed(path):
            others = [one for one in self._app.store.siblings(message.id) if one != message.id]
            if others:
                self._app.store.show_version(others[0])
                return True
        return False


def measure(app: App, *, turns: int, max_tokens: int) -> dict[str, Any]:
    """Take the turns; `read` tokens against `ideal` ones, per conversation and (`ideal_of_all`) over all."""
    talk, seen, seen_by_any = Talk(app, max_tokens=max_tokens), dict[str, Tokens](), Tokens()
    found = []
    for number in range(turns):
        conversation_id, kind, reply = talk.take(number)
        generation = app.store.generation(reply.message_id)
        if generation is None:
            raise RuntimeError(f"turn {number} has no generation")
        tree = seen.setdefault(conversation_id, Tokens())
        found.append(
            {
                "kind": kind,
                "prompt": reply.usage.prompt_tokens,
                "read": reply.usage.prompt_tokens - reply.usage.cached_tokens,
                "ideal": tree.unseen(generation.prompt_ids),
                "ideal_of_all": seen_by_any.unseen(generation.prompt_ids),
            }
        )
        for tokens in (tree, seen_by_any):
            tokens.add(generation.prompt_ids, generation.ids)
    return {"turns": found}


def main(options: dict[str, Any]) -> None:
    """Serve in a fresh home."""
    answers = take_stdout()
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as home:
        os.environ |= {"TEAHOUSE_HOME": home, "TEAHOUSE_LANGUAGE": "en"}
        app = App.open()
        try:
            furnish(app, Path(options["path"]), options["config"])
            serve(lambda **request: measure(app, **request), answers)
        finally:
            app.close()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
