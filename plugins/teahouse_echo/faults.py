"""What can go wrong in an engine's process, done on purpose and on the spot."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from teahouse.workers.child import Call, Server
from teahouse.workers.pipe import LINE_AT_MOST_BYTES
from teahouse_echo.script import ScriptedReply

FOREVER_S = 600.0
ENDS_WITHIN_S = 60.0
RAM_BYTES = 512 * 1024 * 1024
"""How much `ram` may take before this process is refused more; the machine keeps the rest."""
MEGABYTE = 1024 * 1024

RUBBISH = (
    b"not a message\n",
    b"\xff\xfe\x80 \xc3\x28 no UTF-8\n",
    b"\x00" * 100 + b"\n",
    b"\n[]\n{\nnull\n",
    b'{"event": "text", "text": "of no request"}\n{"id": [], "done": 1}\n',
    b"[" * 5000 + b"\n",
    b"x" * MEGABYTE + b"\n",
)
FORGED = b'{"id": 1, "done": {}}\n{"id": 2, "done": {}}\n{"id": 3, "done": {}}\n'
HALF = b'{"id":1,"event":"text","text":"half of a messa'


class Faults:
    """The faults of one process, which speaks through `server`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._kinds: dict[str, Callable[[Call], None]] = {
            "crash": lambda _call: die(signal.SIGSEGV),
            "abort": lambda _call: die(signal.SIGABRT),
            "kill": lambda _call: die(getattr(signal, "SIGKILL", signal.SIGTERM)),
            "exit": lambda _call: os._exit(9),
            "hang": hang,
            "slow": wait,
            "silence": fall_silent,
            "garbage": lambda _call: self._talk_rubbish(),
            "splutter": lambda _call: self._splutter(),
            "half": lambda _call: self._write(HALF),
            "huge": lambda _call: self._write_huge(),
            "ram": lambda _call: eat_memory(),
        }

    def commit(self, reply: ScriptedReply, call: Call, *, has_extra_buffers: bool) -> None:
        """Do what the reply says, unless its fuse has burnt down or the settings are safe."""
        if not reply.fault or (reply.is_amx and not has_extra_buffers):
            return
        if not reply.fuse or _count_down(Path(reply.fuse)):
            self._kinds[reply.fault](call)

    def _talk_rubbish(self) -> None:
        for piece in RUBBISH:
            self._write(piece)
        for descriptor in (1, 2):
            for piece in (*RUBBISH, FORGED, b"no end of a line " * 1000):
                _write_all(descriptor, piece)

    def _splutter(self) -> None:
        self._talk_rubbish()
        self._write(HALF)
        die(signal.SIGSEGV)

    def _write_huge(self) -> None:
        for _number in range(LINE_AT_MOST_BYTES // MEGABYTE + 8):
            self._write(b"x" * MEGABYTE)
        self._write(b"\n")

    def _write(self, data: bytes) -> None:
        """Write into the pipe itself, past everything that keeps it in order."""
        with self._server._write_lock:
            _write_all(self._server._sink.fileno(), data)


def die(number: signal.Signals) -> None:
    """End this process as native code does."""
    os.kill(os.getpid(), number)
    time.sleep(FOREVER_S)


def hang(call: Call) -> None:
    """Live and beat, and hear nothing."""
    time.sleep(FOREVER_S)


def wait(call: Call) -> None:
    """Take a minute, or end when told to."""
    until = time.monotonic() + ENDS_WITHIN_S
    while time.monotonic() < until and not call.is_cancelled:
        time.sleep(0.01)


def fall_silent(call: Call) -> None:
    """Stop every thread, that of the heartbeat too."""
    os.kill(os.getpid(), getattr(signal, "SIGSTOP", signal.SIGTERM))


def eat_memory() -> None:
    """Take memory until none is given any more.

    Raises:
        MemoryError: Always, unless the system ends this process first.
    """
    hoard: list[bytearray] = []
    free = _bound_memory()
    try:
        for _number in range(RAM_BYTES // MEGABYTE):
            hoard.append(bytearray(b"x") * MEGABYTE)
        raise MemoryError
    finally:
        hoard.clear()  # the traceback keeps this frame
        free()


def _bound_memory() -> Callable[[], None]:
    """Bound this process's address space to a little more than it has; returns what undoes it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):  # `eat_memory` counts by itself
        return lambda: None
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = pages * resource.getpagesize() + RAM_BYTES // 2
    resource.setrlimit(resource.RLIMIT_AS, (bound if hard < 0 else min(bound, hard), hard))
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _count_down(fuse: Path) -> bool:
    """Whether the fault comes once more."""
    try:
        left = int(fuse.read_text("ascii"))
    except (OSError, ValueError):
        return False
    fuse.write_text(str(max(0, left - 1)), "ascii")
    return left > 0


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
