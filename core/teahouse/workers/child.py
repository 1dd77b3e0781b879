"""The child's side: `python -m teahouse.workers.child module:function`.

The function gets a `Server`, registers its verbs and returns; requests then run one after the other
on the main thread, while a second thread reads the pipe, so that a cancel arrives in the middle of
native work and the end of the pipe ends the process.
"""

from __future__ import annotations

import importlib
import itertools
import logging
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from teahouse.errors import AppError, EngineError
from teahouse.language import _, activate
from teahouse.workers import sandbox
from teahouse.workers.wire import PROTOCOL, bug_to_wire, error_to_wire, pack, unpack

log = logging.getLogger(__name__)

BEAT_S = 1.0

Verb = Callable[..., Any]


class Call:
    """One request being answered."""

    def __init__(self, call_id: int, write: Callable[[dict[str, Any]], None]) -> None:
        self.id = call_id
        self._write = write
        self._cancelled = threading.Event()
        self._told: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def emit(self, event: str, **fields: Any) -> None:
        """Send an event of this request."""
        self._write({"id": self.id, "event": event, **fields})

    def cancel(self) -> None:
        """Ask the verb to stop soon."""
        self._cancelled.set()

    def tell(self, value: dict[str, Any]) -> None:
        """Hand the verb what the asker has told it."""
        self._told.put(value)

    def told(self, timeout_s: float) -> dict[str, Any] | None:
        """What the asker tells this request next; None when it tells nothing within this time."""
        try:
            return self._told.get(timeout=timeout_s)
        except queue.Empty:
            return None

    @property
    def is_cancelled(self) -> bool:
        """Whether the person has stopped this request."""
        return self._cancelled.is_set()


class Server:
    """Reads requests, runs verbs, writes answers."""

    def __init__(self, source: BinaryIO, sink: BinaryIO) -> None:
        self._source = source
        self._sink = sink
        self._write_lock = threading.Lock()
        self._verbs: dict[str, Verb] = {}
        self._calls: dict[int, Call] = {}
        self._requests: queue.SimpleQueue[tuple[Call, str, dict[str, Any]]] = queue.SimpleQueue()

    def verb(self, name: str, function: Verb) -> None:
        """Answer requests for `name` with `function(call, **args)`; its return value is the `done`."""
        self._verbs[name] = function

    def write(self, message: dict[str, Any]) -> None:
        """Send one line; a parent that is gone ends this process."""
        with self._write_lock:
            try:
                self._sink.write(pack(message))
                self._sink.flush()
            except OSError:
                os._exit(0)

    def listen(self) -> None:
        """Read the pipe on a second thread; its end ends this process from now on."""
        threading.Thread(target=self._read, name="pipe", daemon=True).start()

    def beat(self) -> None:
        """Send a sign of life each second from a thread of its own."""
        threading.Thread(target=self._beat, name="beat", daemon=True).start()

    def run(self) -> None:
        """Answer requests for ever."""
        while True:
            call, verb, args = self._requests.get()
            self._answer(call, verb, args)
            self._calls.pop(call.id, None)

    def _answer(self, call: Call, verb: str, args: dict[str, Any]) -> None:
        try:
            if verb not in self._verbs:
                raise EngineError(_("This engine does not know “{verb}”.").format(verb=verb), verb=verb)
            self.write({"id": call.id, "done": self._verbs[verb](call, **args)})
        except AppError as error:
            self.write({"id": call.id, "error": error_to_wire(error)})
        except Exception as error:
            log.exception("verb %s failed", verb)
            self.write({"id": call.id, "error": bug_to_wire(error)})

    def _beat(self) -> None:
        for number in itertools.count(1):
            self.write({"beat": number})
            time.sleep(BEAT_S)

    def _read(self) -> None:
        for line in self._source:
            message = unpack(line)
            if "cancel" in message or "tell" in message:
                self._reach(message)
                continue
            call = Call(message["id"], self.write)
            self._calls[call.id] = call
            self._requests.put((call, message["verb"], message.get("args", {})))
        os._exit(0)

    def _reach(self, message: dict[str, Any]) -> None:
        """Hand a message to the request that it is for; one that has ended no longer wants it."""
        call = self._calls.get(message["cancel"] if "cancel" in message else message["tell"])
        if call is None:
            return
        if "cancel" in message:
            call.cancel()
        else:
            call.tell(message["value"])


def take_pipe() -> tuple[BinaryIO, BinaryIO]:
    """The pipe to the parent, moved away from fds 0 and 1 so that no library can write into it."""
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return source, sink


def rights(options: list[str]) -> tuple[bool, list[Path] | None, list[Path]]:
    """Whether the network is kept, the files to read (None for all of them), and those to write."""
    places: dict[str, list[Path]] = {}
    kept: list[Path] = []
    for word in options:
        if word in ("--network", "--read", "--write"):
            kept = places.setdefault(word, [])
        else:
            kept.append(Path(word))
    return "--network" in places, places.get("--read"), places.get("--write", [])


def main(arguments: list[str]) -> None:
    """Run the entry named by the first argument.

    `--network` keeps the network; `--read PATH … --write PATH …` confines the child's files to these.
    """
    # Ctrl-C in a terminal reaches the children too; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, sink = take_pipe()
    activate(os.environ.get("TEAHOUSE_LANGUAGE", ""))
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    has_network, readable, writable = rights(arguments[1:])
    held = sandbox.restrict(has_network=has_network, readable=readable, writable=writable)
    server = Server(source, sink)
    server.listen()  # before the entry's imports, which may take long; after the filter, which is per thread
    module, _, function = arguments[0].partition(":")
    getattr(importlib.import_module(module), function)(server)
    server.write({"hello": arguments[0], "protocol": PROTOCOL, "pid": os.getpid(), "isolation": held})
    server.beat()
    server.run()


if __name__ == "__main__":
    main(sys.argv[1:])
