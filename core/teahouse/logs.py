"""The program's own log, read for people: its last lines, with the home folder written as `~`."""

from __future__ import annotations

from pathlib import Path

LOG_NAME = "teahouse.log"
READ_AT_MOST = 200_000


def read_end(file: Path, *, lines: int = 400) -> str:
    """The last lines of a log; empty where there is none.

    Raises:
        OSError: It is there and cannot be read.
    """
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - READ_AT_MOST))
        text = stream.read().decode("utf-8", "replace")
    kept = text.split("\n")
    if size > READ_AT_MOST:
        kept = kept[1:]  # the first one is cut
    return "\n".join(kept[-lines - 1 :])


def without_home(text: str, home: Path | None = None) -> str:
    """A text for others: the person's home folder, whose name is often theirs, becomes `~`."""
    name = str(home or Path.home())
    return text.replace(name, "~") if len(name) > 1 else text
