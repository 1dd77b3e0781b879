"""A model at work for documents: its child process, started when it is needed and ended when it is not."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from teahouse.engine.configuration import EngineConfig
from teahouse.errors import EngineCrashed
from teahouse.jobs import Cancel
from teahouse.workers.process import Worker, Workers

log = logging.getLogger(__name__)

ENGINE = "teahouse.engine.child:serve"
IDLE_S = 120.0
"""A child that nobody asks for this long is ended: it holds some hundred megabytes."""
NICE = 15


class Resident:
    """One model with its child process; any thread may ask.

    After a crash the child is started once more, with safer settings, and asked again; then it is an
    `EngineCrashed` with words, and the next call begins anew.

    Args:
        entry: Of the child; empty for the engine.
        path: The GGUF; empty where `entry` needs none.
        most_tokens: Longest text it reads.
        threads: Of the child; one leaves the rest of the machine to the person.
        idle_s: Seconds without a call after which the child is ended.
    """

    def __init__(
        self,
        workers: Workers,
        *,
        entry: str = "",
        path: str = "",
        most_tokens: int,
        threads: int = 1,
        idle_s: float = IDLE_S,
    ) -> None:
        self._workers = workers
        self._entry, self._path = entry or ENGINE, path
        self._most_tokens = most_tokens
        self._threads = threads
        self._idle_s = idle_s
        self._worker: Worker | None = None
        self._has_crashed = False
        self._lock = threading.RLock()
        self._busy = 0
        self._used_at = time.monotonic()
        self._closed = threading.Event()

    @property
    def is_loaded(self) -> bool:
        """Whether its child runs."""
        worker = self._worker
        return worker is not None and worker.is_alive

    def release(self) -> None:
        """End the child; the next call starts another."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def close(self) -> None:
        """End the child for good."""
        self._closed.set()
        self.release()

    def explain(self, error: EngineCrashed) -> EngineCrashed:
        """What people are told when it has died twice."""
        return error

    def call(self, verb: str, cancel: Cancel | None, **args: Any) -> Any:
        """What its child answers.

        Raises:
            EngineError: It was stopped by `cancel`, or cannot compute.
        """
        with self._in_use():
            worker = self._ready(cancel)
            try:
                return worker.call(verb, cancel, **args)
            except EngineCrashed as error:
                if self._closed.is_set() or (cancel is not None and cancel.is_set()):
                    raise
                self._note_crash(worker, error)
            try:
                return self._ready(cancel).call(verb, cancel, **args)
            except EngineCrashed as error:
                raise self.explain(error) from error

    # --- inside -----------------------------------------------------------------------------------

    def _ready(self, cancel: Cancel | None) -> Worker:
        with self._lock:
            if self._worker is None or not self._worker.is_alive:
                self._worker = self._start(cancel)
                threading.Thread(target=self._end_when_idle, name="resident", daemon=True).start()
            return self._worker

    def _start(self, cancel: Cancel | None) -> Worker:
        """A child with the model loaded; a load that crashes is tried once more with safer settings."""
        try:
            return self._load(cancel)
        except EngineCrashed as error:
            if self._has_crashed:
                raise self.explain(error) from error
            self._has_crashed = True
            log.info("a model died while loading: %s", error.data.get("stderr", ""))
        try:
            return self._load(cancel)
        except EngineCrashed as error:
            raise self.explain(error) from error

    def _load(self, cancel: Cancel | None) -> Worker:
        path = self._path
        worker = self._workers.start(self._entry, readable=[Path(path)] if path else None, cancel=cancel)
        _lower_priority(worker.pid)
        try:
            if path:
                worker.call("load", cancel, path=path, config=self._config.as_json())
        except BaseException:
            worker.close()
            raise
        return worker

    @property
    def _config(self) -> EngineConfig:
        most = self._most_tokens
        return EngineConfig(
            context=most,
            batch=most,
            threads=self._threads,
            gpu_layers=0,
            use_extra_buffers=not self._has_crashed,
            flash_attention="auto",
            states_bytes=0,
        )

    def _note_crash(self, worker: Worker, error: EngineCrashed) -> None:
        log.info("a model died: %s\n%s", error.text, error.data.get("stderr", ""))
        with self._lock:
            self._has_crashed = True
            if self._worker is worker:
                self._worker = None
        worker.close()

    @contextlib.contextmanager
    def _in_use(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
        try:
            yield
        finally:
            with self._lock:
                self._busy -= 1
                self._used_at = time.monotonic()

    def _end_when_idle(self) -> None:
        """Run beside one child, until it has been idle for long enough or is gone."""
        mine = self._worker
        while not self._closed.wait(max(0.05, self._used_at + self._idle_s - time.monotonic())):
            with self._lock:
                if self._worker is not mine:
                    return
                if self._busy:
                    self._used_at = time.monotonic()
                is_idle = not self._busy and time.monotonic() - self._used_at >= self._idle_s
                if is_idle:
                    self._worker = None
            if is_idle:
                if mine is not None:
                    mine.close()
                return


def _lower_priority(pid: int) -> None:
    """Behind the window and a model that chats; the child computes on its first thread."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, NICE)
