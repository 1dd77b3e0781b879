"""What the children of these tests do: `tests.core.workers.entries:FUNCTION`."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from teahouse.errors import ContextError, ModelFileError
from teahouse.workers.child import Call, Server


def serve(server: Server) -> None:
    """Every verb below."""
    for verb in (
        add,
        count,
        listen,
        refuse,
        bug,
        patient,
        deaf,
        busy,
        die,
        leave,
        shout,
        inspect,
        try_socket,
        pid,
        huge,
    ):
        server.verb(verb.__name__, verb)
    server.verb("quit_python", quit_python)


def serve_nothing(server: Server) -> None:
    """No verbs at all."""


def serve_never(server: Server) -> None:
    """Dies before it says hello."""
    os.write(2, b"the reason is here\n")
    os._exit(9)


def serve_failing(server: Server) -> None:
    """Raises before it says hello."""
    raise RuntimeError("no such thing")


def serve_another_protocol(server: Server) -> None:
    """Says hello in words of its own."""
    server.write({"hello": "x", "protocol": 99})


def add(call: Call, *, one: int, other: int) -> int:
    return one + other


def count(call: Call, *, to: int) -> dict[str, int]:
    for number in range(to):
        call.emit("number", value=number)
    return {"counted": to}


def listen(call: Call) -> dict[str, Any]:
    """Hear what is told until the word is “end” or the request is cancelled."""
    call.emit("ready")
    heard: list[Any] = []
    while not call.is_cancelled:
        value = call.told(0.02)
        if value is not None:
            heard.append(value)
            call.emit("heard", value=value)
        if value == {"word": "end"}:
            break
    return {"heard": heard}


def refuse(call: Call, *, kind: str = "context") -> None:
    if kind == "file":
        raise ModelFileError("x.gguf 茶 is broken.", "Fetch it again.", path="/models/x 茶.gguf", offset=12)
    raise ContextError("It takes 9 tokens, 8 fit.", "Start anew.", prompt_tokens=9, context=8)


def bug(call: Call) -> None:
    raise KeyError("not meant for people")


def patient(call: Call, *, mark: str = "") -> dict[str, Any]:
    """Writes numbers until it is told to stop, then ends properly."""
    for number in range(100_000):
        call.emit("number", value=number)
        if call.is_cancelled:
            return {"stopped_at": number, "mark": mark}
        time.sleep(0.005)
    return {"stopped_at": -1, "mark": mark}


def deaf(call: Call) -> None:
    """Hears nothing: as native code does that never returns."""
    call.emit("deaf")
    while True:
        time.sleep(60)


def busy(call: Call) -> None:
    """Computes in Python for ever."""
    call.emit("busy")
    while True:
        pass


def die(call: Call, *, number: int, words: str = "") -> None:
    """Ends as a native crash does."""
    call.emit("dying")
    if words:
        os.write(2, words.encode() + b"\n")
    signal.signal(number, signal.SIG_DFL) if number not in (signal.SIGKILL, signal.SIGSTOP) else None
    os.kill(os.getpid(), number)
    time.sleep(60)


def leave(call: Call, *, code: int) -> None:
    os._exit(code)


def quit_python(call: Call) -> None:
    raise SystemExit(5)


def shout(call: Call, *, how: str) -> str:
    """Writes where the pipe was, as C libraries do."""
    if how == "fd":
        os.write(1, b'{"id": 1, "done": "forged"}\n')
    elif how == "print":
        sys.stdout.write("not a message\n")
        sys.stdout.flush()
    else:
        libc = ctypes.CDLL(None)
        libc.puts(b"not a message either")
        libc.fflush(None)
    return "intact"


def huge(call: Call, *, size: int) -> str:
    return "茶" * size


def pid(call: Call) -> int:
    return os.getpid()


def inspect(call: Call) -> dict[str, Any]:
    """What this process has given up, asked of the kernel and not of ourselves."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    fields = dict(line.split(":\t", 1) for line in status if ":\t" in line)
    return {
        "status": {name: fields[name].strip() for name in ("NoNewPrivs", "Seccomp")},
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "open_files": resource.getrlimit(resource.RLIMIT_NOFILE),
        "stdin": os.read(0, 10).decode(),
        "environ": {
            name: os.environ.get(name) for name in ("GOMP_SPINCOUNT", "TEAHOUSE_LANGUAGE", "HF_HUB_OFFLINE")
        },
    }


def try_socket(call: Call, *, family: str) -> str:
    """`made`, or the name of the error."""
    try:
        socket.socket(getattr(socket, family)).close()
    except OSError as error:
        return os.strerror(error.errno or 0) if error.errno != 13 else "EACCES"
    return "made"


def serve_files(server: Server) -> None:
    """Reads, writes and lists."""
    server.verb("read", lambda call, path: Path(path).read_text("utf-8"))
    server.verb("list", lambda call, path: sorted(p.name for p in Path(path).iterdir()))
    server.verb("write", lambda call, path: Path(path).write_text("changed", "utf-8"))
