"""Whether the database is sound: looked at when it is opened, for a short time; the answer is remembered."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Literal

from teahouse.ids import now_ms
from teahouse.store.connections import connect_read_only
from teahouse.store.words import is_damage

NAME = "health.json"

QUICK_S = 0.2
"""How long opening may take to look; a large database is looked through in the background."""

AGAIN_S = 0.02
"""After the limit the check is interrupted so often until it ends."""

WEEK_MS = 7 * 24 * 60 * 60 * 1000

MAX_PROBLEMS = 20

MAX_LINES = 1_000_000
"""Of SQLite's check: it says a line for each damaged field."""

FIELD_PROBLEM = re.compile(
    r"NULL value in |non-\w+ value in |(TEXT|NUMERIC) value in |CHECK constraint|.*inverted index for FTS"
)
"""What the tolerant reader shows as a placeholder, or the search makes anew; the pages are sound there."""


@dataclass(frozen=True, slots=True)
class Health:
    """What the last look found.

    Attributes:
        state: `unknown` where no look has come to its end.
        problems: SQLite's own words, at most 20.
        checked_ms: When the last look came to its end; 0 for never.
    """

    state: Literal["sound", "damaged", "unknown"] = "unknown"
    problems: tuple[str, ...] = ()
    checked_ms: int = 0


def look(file: Path, *, limit_s: float | None = QUICK_S) -> Health:
    """Look through the database; what was remembered where the time did not suffice.

    Raises:
        sqlite3.DatabaseError: It cannot be read at all, for another reason than damage.
    """
    try:
        with closing(connect_read_only(file)) as connection, _limited(connection, limit_s):
            problems = _check(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            kept = recall(file)
            # What is said to be damaged may have been replaced since; to be sure is worth the time.
            return kept if kept.state != "damaged" else look(file, limit_s=None)
        if not is_damage(error):
            raise
        problems = (str(error),)
    found = Health("damaged" if _only_broken_pages(problems) else "sound", problems, now_ms())
    remember(file, found)
    return found


def find_broken_pages(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the pages of a database, in SQLite's words; damaged fields are no reason."""
    return _only_broken_pages(_check(connection))


def _check(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong, broken pages first; damaged fields, however many, do not hide them."""
    found: dict[bool, list[str]] = {False: [], True: []}
    for (line,) in connection.execute(f"PRAGMA quick_check({MAX_LINES})"):
        of_kind = found[bool(FIELD_PROBLEM.match(line))]
        if line != "ok" and len(of_kind) < MAX_PROBLEMS:
            of_kind.append(line)
    return tuple([*found[False], *found[True]][:MAX_PROBLEMS])


def _only_broken_pages(problems: Sequence[str]) -> list[str]:
    return [line for line in problems if not FIELD_PROBLEM.match(line)]


def is_due(file: Path) -> bool:
    """Whether the last look that came to its end is older than a week."""
    return abs(now_ms() - recall(file).checked_ms) > WEEK_MS


def recall(file: Path) -> Health:
    """What the last look found; unknown where that cannot be read."""
    try:
        kept = json.loads((file.parent / NAME).read_text("utf-8"))
        if kept["state"] in ("sound", "damaged") and isinstance(kept["checked_ms"], int):
            return Health(kept["state"], tuple(map(str, kept["problems"])), kept["checked_ms"])
    except (OSError, ValueError, KeyError, TypeError):
        return Health()
    return Health()


def remember(file: Path, health: Health) -> None:
    """Keep what was found; where that fails the next start looks again."""
    part = file.parent / f"{NAME}.part"
    try:
        part.write_text(json.dumps(asdict(health)), "utf-8")
        part.replace(file.parent / NAME)
    except OSError:
        return


def forget(file: Path) -> None:
    """Another file has the database's place now."""
    (file.parent / NAME).unlink(missing_ok=True)


@contextmanager
def _limited(connection: sqlite3.Connection, limit_s: float | None) -> Iterator[None]:
    # Not SQLite's progress handler: a check of the pages is one step for it.
    if limit_s is None:
        yield
        return
    is_over = Event()

    def interrupt() -> None:
        wait_s = limit_s
        while not is_over.wait(wait_s):
            connection.interrupt()
            wait_s = AGAIN_S  # one that came before the check had begun ended nothing

    thread = Thread(target=interrupt, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
