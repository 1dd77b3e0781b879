"""Running the command `teahouse` as a person does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "teahouse.cli.main"]
NO_SCREEN = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
Done = subprocess.CompletedProcess[str]


def environment(**environ: str) -> dict[str, str]:
    """The test's environment without a display; an empty value takes a variable away."""
    found = {name: value for name, value in os.environ.items() if name not in NO_SCREEN} | environ
    return {name: value for name, value in found.items() if value}


def teahouse(*arguments: str, stdin: str | None = None, within_s: float = 60, **environ: str) -> Done:
    """Run the command to its end; without `stdin` its standard input is empty."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin or "",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=within_s,
        env=environment(**environ),
    )


def echo(*arguments: str, stdin: str | None = None, **environ: str) -> Done:
    """The same for a developer, so that the echo model is there."""
    return teahouse(*arguments, stdin=stdin, **{"TEAHOUSE_DEV": "1", **environ})


def is_quiet(done: Done) -> bool:
    """Whether nothing of Python's own shows: an error is told in words."""
    return "Traceback" not in done.stderr + done.stdout and 'File "' not in done.stderr


def children_of(pid: int) -> list[int]:
    """Process ids of the children, zombies left out."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text("utf-8", "replace").rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == pid and state not in "ZX":
            found.append(int(stat.parent.name))
    return found
