"""Work that asks a model, from beside the replies: it takes its turn with them."""

from __future__ import annotations

import queue
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from teahouse.jobs import Cancel, Job, Work

if TYPE_CHECKING:
    from teahouse.app import App

LOOK_EACH_S = 0.1


def in_turn(app: App, title: str, work: Work, cancel: Cancel) -> Generator[Any, None, Any]:
    """Run work on the lane of the models, behind the replies that wait there; yields what it yields.

    Must not be called on that lane itself.
    """
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    ended: list[tuple[Any, BaseException | None]] = []

    def relayed(_own: Cancel) -> Generator[None, None, None]:
        yield from ()
        try:
            steps = work(cancel)
            while True:
                try:
                    told.put(next(steps))
                except StopIteration as done:
                    ended.append((done.value, None))
                    return
        except BaseException as error:  # noqa: BLE001  raised below, where it is waited for
            ended.append((None, error))

    job = app.jobs.start(Job(title, relayed), "model")
    while job in app.jobs.live or not told.empty():
        if cancel.is_set():
            app.jobs.drop(job)
        try:
            yield told.get(timeout=LOOK_EACH_S)
        except queue.Empty:
            continue
    result, error = ended[0] if ended else (None, None)
    if error is not None:
        raise error
    return result
