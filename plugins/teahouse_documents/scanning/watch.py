"""Hints from the file system that something below a folder has changed; what it is, a scan finds out."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping

from teahouse_documents.scanning.walk import is_there

log = logging.getLogger(__name__)

DEBOUNCE_MS = 1_000
STEP_MS = 100
LOOK_MS = 500
SETTLED_S = 5.0
"""What fails later than this after its begin can be begun anew."""
AGAIN_S = 1.0


class Watch:
    """Watches the folders of sources, in a thread of its own; folders that cannot be watched are told.

    Args:
        hint: Called with the ids of sources below which something has changed.
        own: Folders of the app, in which changes mean nothing.
    """

    def __init__(self, hint: Callable[[set[int]], None], *, own: Collection[str] = ()) -> None:
        self._hint = hint
        self._own = tuple(f"{folder}/" for folder in own)
        self._folders: dict[str, set[int]] = {}
        """Sources by their path: a folder may be in several collections."""
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why nothing is watched, as the system says it; empty where it is."""

    def follow(self, folders: Mapping[int, str]) -> None:
        """Watch these folders from now on: path by the source's id."""
        there: dict[str, set[int]] = {}
        for number, path in folders.items():
            if is_there(path):
                there.setdefault(path, set()).add(number)
        is_running = self._thread is not None and self._thread.is_alive()
        if there == self._folders and (is_running or not there or self.problem):
            return
        self.stop()
        self._folders = there
        if there:
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(list(there), self._stop), name="watch", daemon=True
            )
            self._thread.start()

    def stop(self) -> None:
        """Watch nothing."""
        if self._stop is not None and self._thread is not None:
            self._stop.set()
            self._thread.join(timeout=5)
        self._stop = self._thread = None
        self._folders = {}

    def _run(self, paths: list[str], stop: threading.Event) -> None:
        self.problem = ""
        while not stop.is_set():
            begun = time.monotonic()
            try:
                self._watch(paths, stop)
            except (OSError, RuntimeError) as error:
                if time.monotonic() - begun < SETTLED_S and not _is_name(error):
                    self.problem = str(error)  # too many folders for the system, or one that went away
                    log.info("folders cannot be watched: %s", error)
                    return
                log.info("watching begins anew: %s", error)
                self._hint(set[int]().union(*(self._folders.get(path, ()) for path in paths)))
                stop.wait(AGAIN_S)

    def _watch(self, paths: list[str], stop: threading.Event) -> None:
        from watchfiles import watch  # late: 15 MB

        for changes in watch(
            *paths,
            watch_filter=None,
            debounce=DEBOUNCE_MS,
            step=STEP_MS,
            stop_event=stop,
            rust_timeout=LOOK_MS,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            self._tell({path for _kind, path in changes}, paths)

    def _tell(self, changed: set[str], roots: list[str]) -> None:
        outside = [path for path in changed if not path.startswith(self._own)]
        touched = {root for root in roots for path in outside if is_below(path, root)}
        if touched:
            self._hint(set[int]().union(*(self._folders.get(root, ()) for root in touched)))


def _is_name(error: Exception) -> bool:
    """Whether watchfiles has met a name that is no UTF-8, with which it ends."""
    return "decode path" in str(error)


def is_below(path: str, root: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == root or path.startswith(root if root.endswith("/") else f"{root}/")
