"""An embedder at work: its child process, started when it is needed and ended when it is not.

Only the documents child uses it. One text goes to the child at a time, so that a question never waits for
more than one passage of the indexing.
"""

from __future__ import annotations

import base64
import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from teahouse import Translator
from teahouse.engine.configuration import EngineConfig
from teahouse.errors import ContextError, EngineCrashed, EngineError
from teahouse.jobs import Cancel
from teahouse.passages import Embedder
from teahouse.workers.process import Worker, Workers
from teahouse_documents.chunking.boundaries import halves, words

log = logging.getLogger(__name__)
_ = Translator("teahouse_documents")

ENGINE = "teahouse.engine.child:serve"
IDLE_S = 120.0
"""A child that nobody asks for this long is ended: it holds some hundred megabytes."""
NICE = 15
COUNTED_AT_ONCE = 256

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Embedding:
    """One embedder with its child process; any thread may ask.

    After a crash the child is started once more, with safer settings, and asked again; then it is an
    `EngineCrashed` with words, and the next call begins anew.

    Args:
        threads: Of the child; one leaves the rest of the machine to the person.
        idle_s: Seconds without a call after which the child is ended.
    """

    def __init__(
        self, workers: Workers, embedder: Embedder, *, threads: int = 1, idle_s: float = IDLE_S
    ) -> None:
        self.embedder = embedder
        self._workers = workers
        self._threads = threads
        self._idle_s = idle_s
        self._worker: Worker | None = None
        self._has_crashed = False
        self._lock = threading.RLock()
        self._busy = 0
        self._used_at = time.monotonic()
        self._closed = threading.Event()

    @property
    def identity(self) -> str:
        """Vectors of different identities are never compared."""
        return self.embedder.identity or self.embedder.name

    @property
    def name(self) -> str:
        """What people call it."""
        return self.embedder.name

    @property
    def dimension(self) -> int:
        """Numbers in each vector."""
        return self.embedder.dimension

    @property
    def is_loaded(self) -> bool:
        """Whether its child runs."""
        worker = self._worker
        return worker is not None and worker.is_alive

    # --- texts --------------------------------------------------------------------------------------

    def count(self, texts: Sequence[str], cancel: Cancel | None = None) -> list[int]:
        """Tokens of each text, without prefix and ends."""
        counts: list[int] = []
        for start in range(0, len(texts), COUNTED_AT_ONCE):
            batch = list(texts[start : start + COUNTED_AT_ONCE])
            counts += self._call("count", cancel, texts=batch)["counts"]
        return counts

    def embed_passages(self, texts: Sequence[str], cancel: Cancel | None = None) -> Vectors:
        """float32 (texts, dimension), each of length 1.

        Raises:
            EngineError: It was stopped by `cancel`, or cannot compute.
        """
        prefix = self.embedder.passage_prefix
        rows = [self._pooled(prefix, text, cancel) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def embed_query(self, text: str, cancel: Cancel | None = None) -> Vectors:
        """float32 (dimension,) of length 1; a question longer than the model reads is read in parts."""
        return self._pooled(self.embedder.query_prefix, text, cancel)

    def embed_tokens(
        self, texts: Sequence[str], *, is_query: bool = False, cancel: Cancel | None = None
    ) -> list[Vectors]:
        """For each text float32 (tokens, dimension), rows of length 1; for MaxSim (Khattab & Zaharia 2020).

        The ends, and of a question its prefix, are left out.
        """
        prefix = self.embedder.query_prefix if is_query else self.embedder.passage_prefix
        skipped = self.count([prefix], cancel)[0] if is_query and prefix.strip() else 0
        # The space at a prefix's end belongs to the word after it.
        skipped = self.count([prefix.rstrip()], cancel)[0] if skipped else 0
        return [self._of_tokens(prefix, text, skipped, cancel) for text in texts]

    # --- its child ----------------------------------------------------------------------------------

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

    # --- inside -----------------------------------------------------------------------------------

    def _pooled(self, prefix: str, text: str, cancel: Cancel | None) -> Vectors:
        rows = self._whole(lambda part: self._embed(prefix + part, "own", cancel), text)
        sizes = np.array([len(part) + 1 for part, _vectors in rows], np.float32)
        mean = np.average(np.concatenate([vectors for _part, vectors in rows]), axis=0, weights=sizes)
        vector: Vectors = _normalised(mean[None, :].astype(np.float32))[0]
        return vector

    def _of_tokens(self, prefix: str, text: str, skipped: int, cancel: Cancel | None) -> Vectors:
        rows = self._whole(lambda part: self._embed(prefix + part, "none", cancel), text)
        inner = [vectors[1 + skipped : -1] for _part, vectors in rows]
        return _normalised(np.concatenate(inner))

    def _whole(self, embed: Callable[[str], Vectors], text: str) -> list[tuple[str, Vectors]]:
        """Vectors of a text; of one that is too long those of its parts, so that nothing is cut off."""
        try:
            return [(text, embed(text))]
        except ContextError:
            parts = _divided(text)
            if len(parts) < 2:
                raise
        log.info("a text of %d characters is embedded in parts", len(text))
        return [row for part in parts for row in self._whole(embed, part)]

    def _embed(self, text: str, pooling: str, cancel: Cancel | None) -> Vectors:
        answer = self._call("embed", cancel, texts=[text], pooling=pooling)
        count, width = answer["shapes"][0]
        data = np.frombuffer(base64.b64decode(answer["vectors"][0]), "<f2")
        vectors: Vectors = data.astype(np.float32).reshape(count, width)
        if width != self.dimension:
            raise EngineError(
                _("The embedding model gives {found} numbers instead of {expected}.").format(
                    found=width, expected=self.dimension
                )
            )
        return vectors

    def _call(self, verb: str, cancel: Cancel | None, **args: Any) -> Any:
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
                raise self._explained(error) from error

    def _ready(self, cancel: Cancel | None) -> Worker:
        with self._lock:
            if self._worker is None or not self._worker.is_alive:
                self._worker = self._start(cancel)
                threading.Thread(target=self._end_when_idle, name="embedder", daemon=True).start()
            return self._worker

    def _start(self, cancel: Cancel | None) -> Worker:
        """A child with the model loaded; a load that crashes is tried once more with safer settings."""
        try:
            return self._load(cancel)
        except EngineCrashed as error:
            if self._has_crashed:
                raise self._explained(error) from error
            self._has_crashed = True
            log.info("the embedder died while loading: %s", error.data.get("stderr", ""))
        try:
            return self._load(cancel)
        except EngineCrashed as error:
            raise self._explained(error) from error

    def _load(self, cancel: Cancel | None) -> Worker:
        entry, path = self.embedder.entry or ENGINE, self.embedder.model
        worker = self._workers.start(entry, readable=[Path(path)] if path else None, cancel=cancel)
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
        most = self.embedder.most_tokens
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
        log.info("the embedder died: %s\n%s", error.text, error.data.get("stderr", ""))
        with self._lock:
            self._has_crashed = True
            if self._worker is worker:
                self._worker = None
        worker.close()

    def _explained(self, error: EngineCrashed) -> EngineCrashed:
        text = _("The embedding model “{name}” stopped twice: {reason}").format(
            name=self.embedder.name, reason=error.text
        )
        hint = _("What is indexed is kept. Try again, or choose another embedding model.")
        return EngineCrashed(text, hint, **error.data)

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


def _normalised(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    normalised: Vectors = rows / np.maximum(lengths, 1e-12)
    return normalised


def _divided(text: str) -> list[str]:
    """A text in two, between words where it has some."""
    parts = words(text)
    if len(parts) < 2:
        return halves(text)
    middle = len(parts) // 2
    return ["".join(parts[:middle]), "".join(parts[middle:])]


def _lower_priority(pid: int) -> None:
    """Behind the window and a model that chats; the child computes on its first thread."""
    if hasattr(os, "setpriority"):
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, pid, NICE)
