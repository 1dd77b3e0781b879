"""One side of a comparison: a process that is asked again and again, and rests while the other is asked.

A side's module calls `take_stdout()`, then `serve`; it is run as `python -m MODULE JSON` and speaks JSON
lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

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
def start(
    module: str, options: Mapping[str, Any], *, python: str = sys.executable, **environ: str | None
) -> Iterator[Side]:
    """Run a side's module; the environment is that of the app's children, a None takes a variable away.

    Args:
        module: Its name, or its file where another `python` runs it.
    """
    merged = {**environment(os.environ), "PYTHONPATH": _python_path(), **environ}
    process = subprocess.Popen(
        [python, *([module] if module.endswith(".py") else ["-m", module]), json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={key: value for key, value in merged.items() if value is not None},
    )
    try:
        yield Side(process)
        _close(process.stdin)
        process.wait(30)
    finally:
        process.kill()
        process.wait()
        _close(process.stdin)
        _close(process.stdout)


def _close(pipe: IO[str] | None) -> None:
    if pipe is not None:
        with suppress(OSError):  # what was not yet written to a side that has died
            pipe.close()


def take_stdout() -> IO[str]:
    """The pipe for answers; from now on whatever libraries print goes to stderr."""
    sink = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return sink


def serve(answer: Callable[..., dict[str, Any]], sink: IO[str]) -> None:
    """Answer requests until the pipe ends."""
    for line in sys.stdin:
        sink.write(json.dumps(answer(**json.loads(line))) + "\n")
        sink.flush()


def _python_path() -> str:
    before = os.environ.get("PYTHONPATH")
    return f"{PACKAGING}{os.pathsep}{before}" if before else str(PACKAGING)
