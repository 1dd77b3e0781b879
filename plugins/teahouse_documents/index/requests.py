"""What a process asks of the one that owns the index: rows of `request`, answered in place."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from teahouse.errors import AppError
from teahouse.ids import now_ms
from teahouse.language import Translator
from teahouse.workers.wire import bug_to_wire, error_from_wire, error_to_wire
from teahouse_documents.index.index import Index, Unusable
from teahouse_documents.values import DocumentsBusy

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

ANSWER_S = 15.0
LONG_S = 1800.0
LONG_VERBS = ("purge", "remove", "remove_collection")
POLL_S = 0.05
KEPT_MS = 24 * 60 * 60 * 1000


class Requests:
    """The owner's side: answers what others have asked.

    Args:
        answer: Called with verb and arguments; its value is the answer.
    """

    def __init__(self, answer: Callable[..., Any]) -> None:
        self._answer = answer
        self._seen: int | None = None

    def take(self, index: Index) -> int:
        """Answer every request that waits; returns how many. Costs next to nothing where none is."""
        writes = index.others_writes
        if writes == self._seen:
            return 0
        self._seen = writes
        with index.reading() as connection:
            rows = connection.execute("SELECT * FROM request WHERE state = 'waiting' ORDER BY id").fetchall()
        for row in rows:
            state, answer = self._do(row["verb"], row["args"])
            with index.writing() as connection:
                connection.execute(
                    "UPDATE request SET state = ?, answer = ? WHERE id = ?", (state, answer, row["id"])
                )
                connection.execute("DELETE FROM request WHERE created_ms < ?", (now_ms() - KEPT_MS,))
        return len(rows)

    def _do(self, verb: str, args: str) -> tuple[str, str]:
        try:
            return "done", json.dumps(self._answer(verb, **json.loads(args)), ensure_ascii=False)
        except AppError as error:
            return "failed", json.dumps(error_to_wire(error), ensure_ascii=False)
        except (TypeError, ValueError) as error:  # another version asks otherwise
            log.info("a request that is not understood: %s: %s", verb, error)
            wrong = AppError(_("The other Teahouse is of another version and does not understand this."))
            return "failed", json.dumps(error_to_wire(wrong), ensure_ascii=False)
        except Unusable:
            raise
        except Exception as error:  # whatever one asks, the next one is answered too
            log.exception("a request failed: %s", verb)
            return "failed", json.dumps(bug_to_wire(error), ensure_ascii=False)


def ask(file: Path, verb: str, args: dict[str, Any], *, is_owned: Callable[[], bool]) -> Any:
    """Leave a request for the owner and wait for its answer.

    Args:
        is_owned: Whether there still is an owner; without one nobody will answer.

    Raises:
        DocumentsBusy: It has not answered; the request stays and is done later.
        AppError: What the owner refused.
    """
    index = Index(file)
    try:
        with index.writing() as connection:
            number = connection.execute(
                "INSERT INTO request (verb, args, created_ms) VALUES (?, ?, ?)",
                (verb, json.dumps(args, ensure_ascii=False), now_ms()),
            ).lastrowid
        give_up_at = time.monotonic() + (LONG_S if verb in LONG_VERBS else ANSWER_S)
        while time.monotonic() < give_up_at and is_owned():
            with index.reading() as connection:
                row = connection.execute(
                    "SELECT state, answer FROM request WHERE id = ?", (number,)
                ).fetchone()
            if row is None or row["state"] != "waiting":
                return _answer_of(row)
            time.sleep(POLL_S)
    finally:
        index.close()
    raise DocumentsBusy(
        _("Another Teahouse keeps the index and has not answered yet. It does this as soon as it can."),
        _("Look at the status in a while."),
    )


def _answer_of(row: Any) -> Any:
    if row is None:  # a purge removes what was answered
        return None
    answer = json.loads(row["answer"])
    if row["state"] == "failed":
        raise error_from_wire(answer)
    return answer
