"""Who waits for which answer of a child: its lines, sorted into the inboxes of those who asked."""

from __future__ import annotations

import itertools
import logging
import threading

from teahouse.language import _
from teahouse.workers.pipe import Broken, Inbox, is_damaged_answer
from teahouse.workers.wire import Answer, unpack

log = logging.getLogger(__name__)


class Inboxes:
    """The requests of one child that have not been answered to their end; any thread may use it.

    Attributes:
        hello: Where the child's first line goes.

    Args:
        name: Of the child, for the log.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._ids = itertools.count(1)
        self._pending: dict[int, Inbox] = {}
        self._lock = threading.Lock()
        self._is_closed = False
        self.hello = Inbox()

    @property
    def is_closed(self) -> bool:
        """Whether the child is gone: nothing more will come."""
        return self._is_closed

    def open(self) -> tuple[int, Inbox] | None:
        """Id and inbox of a new request; None when the child is gone."""
        answers = Inbox()
        with self._lock:
            if self._is_closed:
                return None
            request_id = next(self._ids)
            self._pending[request_id] = answers
        return request_id, answers

    def close(self) -> None:
        """Tell everybody who waits that the child is gone."""
        with self._lock:
            self._is_closed = True
            waiting = [*self._pending.values(), self.hello]
        for answers in waiting:
            answers.put({"crash": True})

    def sort(self, line: bytes) -> None:
        """Take in a line of the child.

        Raises:
            Broken: It can no longer be trusted.
        """
        try:
            message = unpack(line)
        except ValueError:
            if is_damaged_answer(line):
                raise Broken(_("a part of its answer was lost")) from None
            log.info("%s wrote what is not a message: %d bytes", self._name, len(line))  # it may be private
            return
        if "hello" in message:
            self.hello.put(message)
        elif "beat" not in message:
            self._dispatch(message, len(line))

    def _dispatch(self, message: Answer, size_bytes: int) -> None:
        request_id = message.get("id")
        if not isinstance(request_id, int) or not message.keys() & {"event", "done", "error"}:
            log.info("%s wrote neither an event nor an answer: %.200s", self._name, sorted(message))
            return
        with self._lock:
            answers = self._pending.get(request_id)
            if answers is not None and "event" not in message:
                del self._pending[request_id]
        if answers is not None:
            answers.put(message, size_bytes)
            if answers.is_full:
                raise Broken(_("it sent more than could be taken in"))
