"""What a loaded model has read of conversations: taken up from files, and kept there when it goes."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from teahouse.engine.states import States
from teahouse.errors import AppError, EngineCrashed
from teahouse.jobs import Cancel
from teahouse.workers.process import Worker

log = logging.getLogger(__name__)

KEPT_AT_MOST = 8
"""Conversations whose states are written when a model is unloaded."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as a model has read it.

    Attributes:
        key: Names everything that a state of it depends on.
        adapters: (path, scale) each, with which it was read.
    """

    conversation_id: str
    key: str
    adapters: tuple[tuple[str, float], ...] = ()

    @property
    def label(self) -> str:
        """By what the child knows it: with other adapters it is another."""
        if not self.adapters:
            return self.conversation_id
        return f"{self.conversation_id} {hashlib.sha256(self.key.encode()).hexdigest()[:16]}"

    def asked(self) -> dict[str, Any]:
        """What the child is told when its state is taken up."""
        adapters = {"adapters": [list(each) for each in self.adapters]} if self.adapters else {}
        return {"label": self.label, "key": self.key, **adapters}


class Recall:
    """The conversations of one loaded model, in the order in which they were last talked in.

    A loss is never an error: what cannot be taken up is read again.

    Args:
        states: Where the files are; None keeps nothing.
        name: Of the model, for the log.
        limit_bytes: For all files together.
    """

    def __init__(
        self, worker: Worker, states: States | None, model_hash: str, *, name: str, limit_bytes: int
    ) -> None:
        self._worker = worker
        self._states = states
        self._model_hash = model_hash
        self._name = name
        self._limit_bytes = limit_bytes
        self._talked: list[Talk] = []

    def take_up(self, talk: Talk, cancel: Cancel) -> None:
        """Let the model have what was kept of a conversation, when it is first talked in.

        Raises:
            EngineCrashed: The model's process died.
        """
        if self._states is None or not self._model_hash:
            return
        is_known = talk in self._talked
        self._talked = [known for known in self._talked if known != talk] + [talk]
        if is_known:
            return
        try:
            path = self._states.path(talk.conversation_id, self._model_hash, talk.key)
            if path.exists():
                self._worker.call("restore_state", cancel, path=str(path), **talk.asked())
        except EngineCrashed:
            raise
        except (AppError, OSError, ValueError) as error:
            log.info("what %s has read of %s cannot be used: %s", self._name, talk.conversation_id, error)

    def keep(self, is_over: Callable[[], bool]) -> None:
        """Write the newest states first, within the limit.

        Args:
            is_over: Asked again and again; when it says so, the process is killed and the rest is lost.
        """
        if self._states is None or not self._talked or not self._limit_bytes:
            return
        room = self._limit_bytes
        try:
            self._states.prepare(self._model_hash)
            for talk in reversed(self._talked[-KEPT_AT_MOST:]):
                room -= self._keep_one(self._states, talk, room=room, is_over=is_over)
            self._states.limit(self._limit_bytes)
        except (AppError, OSError, ValueError) as error:  # it is only read again
            log.info("what %s has read could not be kept: %s", self._name, error)

    def _keep_one(self, states: States, talk: Talk, *, room: int, is_over: Callable[[], bool]) -> int:
        """Bytes written; a child that takes too long is killed, since it is closed anyway."""
        path = states.path(talk.conversation_id, self._model_hash, talk.key)
        steps = self._worker.ask(
            "save_state", label=talk.label, path=str(path), key=talk.key, limit_bytes=room
        )
        while True:
            if is_over():
                self._worker.kill()
            try:
                next(steps)
            except StopIteration as done:
                return int(done.value["bytes"])
