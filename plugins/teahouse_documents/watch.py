"""Hints from the file system that something below a folder has changed; what it is, a scan finds out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

log = logging.getLogger(__name__)

DEBOUNCE_MS = 1_000
STEP_MS = 100
LOOK_MS = 500


class Watch:
    """Watches the folders of sources, in a thread of its own; folders that cannot be watched are told.

    Args:
        hint: Called with the ids of sources below which something has changed.
        own: Folders of the app, in which changes mean nothing.
    """

    def __init__(self, hint: Callable[[set[int]], None], *, own: Collection[str] = ()) -> None:
        self._hint = hint
        self._own = tuple(f"{folder}/" for folder in own)
        self._folders: dict[str, int] = {}
        self._stop: threading.Event | None = None
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why nothing is watched, as the system says it; empty where it is."""

    def follow(self, folders: Mapping[int, str]) -> None:
        """Watch these folders from now on: path by the source's id."""
        there = {path: number for number, path in folders.items() if Path(path).is_dir()}
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
        from watchfiles import watch  # late: 15 MB

        self.problem = ""
        try:
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
        except (OSError, RuntimeError) as error:  # too many folders for the system, or one that went away
            self.problem = str(error)
            log.info("folders cannot be watched: %s", error)

    def _tell(self, changed: set[str], roots: list[str]) -> None:
        outside = [path for path in changed if not path.startswith(self._own)]
        touched = {self._folders[root] for root in roots for path in outside if is_below(path, root)}
        if touched:
            self._hint(touched)


def is_below(path: str, root: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == root or path.startswith(root if root.endswith("/") else f"{root}/")
