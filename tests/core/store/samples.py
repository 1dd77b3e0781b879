"""Values and children that the tests of the store share."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from teahouse.messages import Generation, Timings, Usage


def digest(text: str) -> str:
    """Stands for a long text."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_generation(message_id: str, **changes: Any) -> Generation:
    """A generation with a value in every field."""
    values: dict[str, Any] = {
        "message_id": message_id,
        "model": "qwen 测试",
        "model_hash": "ab" * 32,
        "ids": (1, 2, 3),
        "prompt_ids": (10, 11, 12),
        "adapters": (("cd" * 32, 0.5), ("ef" * 32, -1.0)),
        "sampling": {"top_k": 40, "min_p": 0.05, "temperature": 0.7, "stop": ["</s>", "\ud800"]},
        "seed": 2**32 - 1,
        "usage": Usage(10, 5, 3),
        "timings": Timings(1.5, 0.25, 100.0, 20.5),
        "finish_reason": "length",
        "engine": {"threads": 2, "kv": {"type": "q8_0"}, "flags": [True, None]},
    }
    return Generation(**(values | changes))


@contextmanager
def raw(file: Path) -> Iterator[sqlite3.Connection]:
    """The database as SQLite sees it, past the store."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        yield connection


class Child:
    """A process that writes to a store and tells, a JSON line each, what is on disk."""

    def __init__(self, mode: str, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.core.store.child", mode, *arguments]
        root = Path(__file__).parents[3]
        self.process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self) -> Any:
        """The next thing it tells."""
        return json.loads(self._output.readline())

    def kill(self) -> list[Any]:
        """End it as a power cut would; what it told meanwhile. A line cut in the middle tells nothing."""
        self.process.kill()
        return [json.loads(line) for line in self._rest().splitlines(keepends=True) if line.endswith(b"\n")]

    def go(self) -> None:
        """Let it go on from where it waits."""
        self.ask("go")

    def ask(self, *values: Any) -> None:
        """A line for it to read."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(values).encode() + b"\n")
        self.process.stdin.flush()

    def finish(self) -> None:
        """Wait for its own end."""
        self._rest()
        assert self.process.returncode == 0

    @property
    def _output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def _rest(self) -> bytes:
        # Not `communicate`, which would not see what `readline` has read ahead.
        if self._output.closed:
            return b""
        with self.process:
            return self._output.read()


Spawn = Callable[..., Child]
"""What the fixture `spawn` is: `spawn(mode, file, *more)` starts a child that ends with the test."""
