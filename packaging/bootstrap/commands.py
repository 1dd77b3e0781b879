"""Child processes: quick questions, and long steps with a log and signs of life."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.console import Stop, duration, say

BEAT_S = 20.0
STOP_S = 15.0
TAIL_LINES = 30
TAIL_COLUMNS = 300
COUNTER = re.compile(r"\[(\d+)/(\d+)\]")


@dataclass(frozen=True)
class Finished:
    """How a quick command ended."""

    code: int
    text: str


Ask = Callable[[Sequence[str]], Finished]
"""Runs a quick command and returns what it printed; 127 when it does not exist."""

Work = Callable[..., None]
"""Runs a long step: `work(command, title=…, log=…, environ=…)`; raises `Stop` when it fails."""


def ask(command: Sequence[str]) -> Finished:
    """Run a quick command; its two streams come back as one text."""
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    except OSError as error:
        return Finished(127, str(error))
    return Finished(done.returncode, done.stdout.decode(errors="replace"))


def work(
    command: Sequence[str], *, title: str, log: Path, environ: Mapping[str, str], beat_s: float = BEAT_S
) -> None:
    """Run a long step whose output goes to `log`; says every `beat_s` how far it is.

    Raises:
        Stop: It failed; the text ends with the last lines of the log.
    """
    say(title)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=dict(environ),
                start_new_session=True,
            )
        except OSError as error:
            raise Stop(f"{command[0]} could not be started: {error}") from error
        try:
            code = _wait(process, log, beat_s)
        except BaseException:
            end(process)
            raise
    if code:
        raise Stop(f"{tail(log)}\nThis step failed with code {code}: {title}\nAll it printed: {log}")


def _wait(process: subprocess.Popen[bytes], log: Path, beat_s: float) -> int:
    began = time.monotonic()
    while True:
        try:
            return process.wait(beat_s)
        except subprocess.TimeoutExpired:
            say(f"  {duration(time.monotonic() - began)}  {progress(log)}")


def progress(log: Path) -> str:
    """How far the step is: the compiler's counter, maybe before many warnings, else the last line."""
    lines = [line for line in _end(log, 1_048_576).splitlines() if line.strip()]
    counters = [found for line in lines if (found := COUNTER.search(line))]
    if counters:
        return f"{counters[-1][1]} of {counters[-1][2]} files compiled"
    return lines[-1].strip()[:100] if lines else "…"


def tail(log: Path) -> str:
    """The last lines of the log; a compiler's are long."""
    return "\n".join(line[:TAIL_COLUMNS] for line in _end(log, 65_536).splitlines()[-TAIL_LINES:])


def _end(log: Path, size_bytes: int) -> str:
    with log.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - size_bytes))
        return file.read().decode(errors="replace")


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a step with all it has started: an interrupt, so that pip cleans up, then a kill."""
    _signal(process, signal.SIGINT)
    try:
        process.wait(STOP_S)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        say("Stopping it hard.")
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
    process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    """Signal the step's whole session; a group that is gone is what was wanted."""
    if os.name == "nt":
        process.terminate()
        return
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return
