"""One side of a comparison: a process that is asked again and again, and rests while the other is asked.

A side's module calls `serve(answer)`; it is run as `python -m bench.NAME JSON` and speaks JSON lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from teahouse.workers.command import environment

PACKAGING = Path(__file__).resolve().parent.parent


class Side:
    """The measuring process's view of a side."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **request: Any) -> dict[str, Any]:
        """Let it measure once.

        Raises:
            RuntimeError: It has ended; what it said is on stderr.
        """
        assert self._process.stdin
        assert self._process.stdout
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        except (OSError, ValueError) as error:
            raise RuntimeError(f"a side has ended: {' '.join(map(str, self._process.args))}") from error  # type: ignore[arg-type]
        return answer


@contextmanager
def start(name: str, options: Mapping[str, Any], **environ: str | None) -> Iterator[Side]:
    """Run `bench.NAME`; the environment is that of the app's children, a None takes a variable away."""
    merged = {**environment(os.environ), "PYTHONPATH": _python_path(), **environ}
    process = subprocess.Popen(
        [sys.executable, "-m", f"bench.{name}", json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={key: value for key, value in merged.items() if value is not None},
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Side(process)
        process.stdin.close()
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def serve(answer: Callable[..., dict[str, Any]]) -> None:
    """Answer requests until the pipe ends; whatever libraries print goes to stderr."""
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        sink.write(json.dumps(answer(**json.loads(line))) + "\n")
        sink.flush()


def _python_path() -> str:
    before = os.environ.get("PYTHONPATH")
    return f"{PACKAGING}{os.pathsep}{before}" if before else str(PACKAGING)
