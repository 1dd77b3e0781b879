"""Scans as they run: at the start, now and then, when something hints at a change, and on demand."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from teahouse_documents.index.index import Index, Unusable
from teahouse_documents.scanning import names
from teahouse_documents.scanning.scan import Scanner
from teahouse_documents.scanning.watch import Watch
from teahouse_documents.values import DocumentsError

log = logging.getLogger(__name__)

EACH_S = 600.0
"""All sources are looked through so often, whatever was hinted: some file systems tell nothing."""
SINGLE_EACH_S = 5.0
"""Sources of one file, which are not watched."""
REST = 10.0
"""After a scan so many times its length passes before the next one that is only hinted at."""
LOOK_S = 1.0


class Scanning:
    """A thread that scans what is due.

    Args:
        changed: Called after a scan that found a difference.
        give_up: Called when the index turns out to be damaged.
    """

    def __init__(
        self,
        index: Index,
        scanner: Scanner,
        watch: Watch | None,
        *,
        changed: Callable[[], None],
        give_up: Callable[[Unusable], None],
    ) -> None:
        self._index, self._scanner, self._watch = index, scanner, watch
        self._changed, self._give_up = changed, give_up
        self._lock = threading.Lock()
        self._hinted: set[int] = set()
        self._is_all_due = True
        self._has_ended = threading.Event()
        self._news = threading.Event()
        self._rest_until = self._single_at = 0.0
        self._all_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="scanning", daemon=True)
        self.is_active = False

    def start(self) -> None:
        """Begin with a scan of everything."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._has_ended.set()
        self._news.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._watch is not None:
            self._watch.stop()

    @property
    def has_ended(self) -> bool:
        """Whether it was stopped; asked in the middle of a scan."""
        return self._has_ended.is_set()

    @property
    def is_due(self) -> bool:
        """Whether something is being scanned or is to be scanned at once."""
        return self.is_active or self._is_all_due

    @property
    def problem(self) -> str:
        """Why folders cannot be watched, as the system says it; empty where they are."""
        return self._watch.problem if self._watch is not None else ""

    def rescan(self, source_id: int | None = None) -> None:
        """Scan a source (None: all) at once."""
        with self._lock:
            self._rest_until = 0.0
            if source_id is None:
                self._is_all_due = True
            else:
                self._hinted.add(source_id)
        self._news.set()

    def scan_now(self) -> None:
        """Scan everything on this thread; for tests and measurements."""
        self._is_all_due = True
        self._scan_due()

    def hint(self, source_ids: set[int]) -> None:
        """Something may have changed there."""
        with self._lock:
            self._hinted |= source_ids
        self._news.set()

    # --- inside -------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self.has_ended:
            try:
                self._scan_due()
            except Unusable as error:
                self._give_up(error)
                return
            except DocumentsError as error:
                log.info("a scan waits: %s", error)
                self._has_ended.wait(LOOK_S * 3)
            except Exception:  # one folder must not end the looking through all others
                log.exception("a scan failed")
                self._has_ended.wait(LOOK_S * 3)
            self._news.wait(LOOK_S)
            self._news.clear()

    def _scan_due(self) -> None:
        due = self._take_due()
        if due is not None and not due:
            return
        self.is_active = True
        begun = time.monotonic()
        try:
            has_changed = self._scanner.scan(due)
        finally:
            self.is_active = False
        self._rest_until = time.monotonic() + REST * (time.monotonic() - begun)
        self._follow()
        if has_changed or due is None:
            self._changed()

    def _take_due(self) -> set[int] | None:
        """Sources to scan now; None for all."""
        now = time.monotonic()
        with self._lock:
            if self._is_all_due or now - self._all_at > EACH_S:
                self._is_all_due, self._all_at, self._single_at = False, now, now
                self._hinted.clear()
                return None
            if now < self._rest_until:
                return set()
            due, self._hinted = self._hinted, set()
        if now - self._single_at > SINGLE_EACH_S:
            self._single_at = now
            due |= self._poorly_watched()
        return due

    def _poorly_watched(self) -> set[int]:
        """Sources of one file, and folders that were not there."""
        with self._index.reading() as connection:
            rows = connection.execute(
                "SELECT id FROM source WHERE kind = 'file' OR (kind = 'folder' AND state != 'ready')"
            ).fetchall()
        return {row[0] for row in rows}

    def _follow(self) -> None:
        if self._watch is None:
            return
        with self._index.reading() as connection:
            rows = connection.execute("SELECT id, path, raw FROM source WHERE kind = 'folder'").fetchall()
        self._watch.follow({row[0]: names.opened(row[1], row[2]) for row in rows})
