"""A program that starts children, brings them into a state, and is then killed by the test.

`python -m tests.core.workers.parent STATE` prints the children's process ids as one JSON line when
the state is reached.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from teahouse.jobs import Cancel
from teahouse.workers.child import Call, Server
from teahouse.workers.process import Worker, Workers
from teahouse.workers.wire import pack_ids

ENTRIES = "tests.core.workers.entries:serve"
ECHO = "teahouse_echo.child:serve"
TEXT = "The tea is poured slowly, cup after cup. " * 20

State = Callable[[Workers], list[Worker]]
_kept: list[Any] = []


# --- in the child ---------------------------------------------------------------------------------


def serve(server: Server) -> None:
    """Verbs that no polite child would have."""
    server.verb("hold_gil", hold_gil)
    server.verb("load_slowly", load_slowly)
    server.verb("flood", flood)
    server.verb("ignore_signals", ignore_signals)


def serve_slowly(server: Server) -> None:
    """Takes long before it says hello."""
    time.sleep(60)


def hold_gil(call: Call) -> None:
    """Native code that keeps the interpreter's lock: no other thread of the child can run."""
    call.emit("here")
    ctypes.PyDLL(None).sleep(60)


def load_slowly(call: Call) -> None:
    call.emit("progress", fraction=0.1)
    time.sleep(60)


def flood(call: Call) -> None:
    while True:
        call.emit("text", text="茶" * 10_000, ids=[])


def ignore_signals(call: Call) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    call.emit("here")
    while True:
        time.sleep(60)


# --- in the parent --------------------------------------------------------------------------------


def asked(entry: str, verb: str, *, events: int = 1, cancel: Cancel | None = None, **args: Any) -> State:
    """A child that has sent this many events of a request."""

    def state(workers: Workers) -> list[Worker]:
        worker = workers.start(entry)
        _reach(worker, verb, events, cancel=cancel, **args)
        return [worker]

    return state


def echo(tokens: int, *, question: str = TEXT) -> State:
    """An echo engine that has told this many tokens of its reply."""

    def state(workers: Workers) -> list[Worker]:
        worker = workers.start(ECHO)
        config = {"context": 4096, "use_extra_buffers": True}
        worker.call("load", script="", delay_s=0.002, config=config)
        worker.call("render", messages=[{"role": "user", "content": question}])
        if tokens:
            ids = pack_ids(map(ord, question))
            _reach(worker, "generate", tokens, ids=ids, sampling={}, max_tokens=5000, stop=[])
        return [worker]

    return state


def starter(events: int, verb: str) -> State:
    """A real model: loading, reading the prompt, or writing."""

    def state(workers: Workers) -> list[Worker]:
        worker = workers.start("teahouse.engine.child:serve")
        config = {"context": 2048, "threads": 2, "batch": 64}
        load = {"path": os.environ["TEAHOUSE_TEST_MODEL"], "config": config}
        if verb == "load":
            _reach(worker, "load", events, **load)
            return [worker]
        worker.call("load", **load)
        ids = worker.call("tokenize", text="Tell a long story about tea. " * 40)["ids"]
        sampling = {"temperature": 0.0}
        _reach(worker, "generate", events, ids=ids, sampling=sampling, max_tokens=500, stop=[])
        return [worker]

    return state


def idle(workers: Workers) -> list[Worker]:
    return [workers.start(ENTRIES)]


def many(workers: Workers) -> list[Worker]:
    """Three at once, each busy with something else."""
    states = [echo(3), asked(ENTRIES, "busy"), asked(ENTRIES, "deaf")]
    return [worker for state in states for worker in state(workers)]


def of_an_ended_thread(workers: Workers) -> list[Worker]:
    """A child whose asker's thread is long gone."""
    found: list[Worker] = []
    thread = threading.Thread(target=lambda: found.extend(asked(ENTRIES, "deaf")(workers)))
    thread.start()
    thread.join()
    return found


def stopped_by_signal(workers: Workers) -> list[Worker]:
    [worker] = idle(workers)
    os.kill(worker.pid, signal.SIGSTOP)
    return [worker]


def being_cancelled(workers: Workers) -> list[Worker]:
    """Told to stop, not stopping, not killed yet."""
    worker, cancel = workers.start(ENTRIES), Cancel()
    steps = _reach(worker, "deaf", 1, cancel=cancel)
    cancel.set()
    next(steps)
    return [worker]


def before_hello(workers: Workers) -> list[Worker]:
    """Killed by itself in the instant in which the child was made."""
    del workers

    def spawn(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(*arguments, **options)
        _tell([process.pid])
        os.kill(os.getpid(), signal.SIGKILL)
        return process

    return [Workers(spawn).start(ENTRIES)]


def while_starting(workers: Workers) -> list[Worker]:
    """The child has not said hello yet."""

    def start() -> None:
        workers.start("tests.core.workers.parent:serve_slowly")

    threading.Thread(target=start, daemon=True).start()
    while not workers._live:
        time.sleep(0.01)
    return list(workers._live)


OWN = "tests.core.workers.parent:serve"
STATES: dict[str, State] = {
    "made": before_hello,
    "starting": while_starting,
    "idle": idle,
    "loading": asked(OWN, "load_slowly"),
    "echo-loaded": echo(0),
    "echo-prompt": echo(1),
    "echo-token-1": echo(2),
    "echo-token-10": echo(11),
    "echo-token-200": echo(201),
    "echo-ended": echo(2, question="x"),
    "echo-hung-at-0": echo(1, question="/hang 0 text"),
    "echo-hung-at-5": echo(6, question="/hang 5 more text"),
    "deaf": asked(ENTRIES, "deaf"),
    "busy": asked(ENTRIES, "busy"),
    "holding-the-gil": asked(OWN, "hold_gil"),
    "flooding": asked(OWN, "flood", events=20),
    "ignoring-signals": asked(OWN, "ignore_signals"),
    "stopped": stopped_by_signal,
    "being-cancelled": being_cancelled,
    "of-an-ended-thread": of_an_ended_thread,
    "many": many,
}
REAL_STATES: dict[str, State] = {
    "starter-load": starter(1, "load"),
    "starter-prompt": starter(2, "generate"),
    "starter-write": starter(14, "generate"),
}


def _reach(worker: Worker, verb: str, events: int, **args: Any) -> Any:
    steps = worker.ask(verb, **args)
    _kept.append(steps)  # a generator that is dropped would end the request
    while events:
        events -= "id" in next(steps)
    return steps


def _tell(pids: list[int]) -> None:
    sys.stdout.write(json.dumps(pids) + "\n")
    sys.stdout.flush()


def main(name: str) -> None:
    """Reach the state, tell the pids, wait to be killed."""
    workers = Workers()
    _tell([worker.pid for worker in (STATES | REAL_STATES)[name](workers)])
    time.sleep(120)


if __name__ == "__main__":
    main(sys.argv[1])
