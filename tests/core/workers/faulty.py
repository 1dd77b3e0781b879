"""Children that do what no child should: `tests.core.workers.faulty:serve`."""

from __future__ import annotations

import os
import time
from typing import Any

from teahouse.workers.child import Call, Server

_server: list[Server] = []


def serve(server: Server) -> None:
    """Every verb below."""
    _server.append(server)
    for verb in (endless_line, endless_words, damage, flood, bug, starve, echo):
        server.verb(verb.__name__, verb)


def serve_slowly(server: Server) -> None:
    """Takes long before it says hello."""
    time.sleep(60)


def endless_line(call: Call) -> None:
    """One line without an end, into the pipe itself."""
    while True:
        raw(b"x" * 100_000)


def endless_words(call: Call, *, size: int) -> str:
    """Print this many bytes and never end a line."""
    for _number in range(size // 100_000):
        os.write(2, b"y" * 100_000)
    return "printed"


def damage(call: Call, *, rubbish: str, is_whole: bool) -> str:
    """Write into the pipe itself, with or without an end of line, and then answer."""
    raw(rubbish.encode("utf-8", "surrogateescape") + (b"\n" if is_whole else b""))
    return "after all"


def flood(call: Call, *, size: int, count: int) -> str:
    """Events as fast as they can be written."""
    for _number in range(count):
        call.emit("text", text="z" * size)
    return "flooded"


def bug(call: Call) -> None:
    raise KeyError("a distinct bug")


def starve(call: Call) -> None:
    raise MemoryError


def echo(call: Call, *, text: str) -> dict[str, Any]:
    return {"text": text, "pid": os.getpid()}


def raw(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(_server[0]._sink.fileno(), view) :]
