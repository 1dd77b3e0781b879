"""The documents child: owns the index under a lock, or looks at it as a guest of the one that does."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import file_lock
from teahouse.language import Translator, activate
from teahouse.workers.child import Call, Server
from teahouse.workers.process import Workers
from teahouse_documents.index.index import Unusable
from teahouse_documents.index.requests import Requests
from teahouse_documents.indexing.ports import Embedding, Parser, WordsOnly
from teahouse_documents.options import Options
from teahouse_documents.owning.answers import CHANGES, READS, Answers
from teahouse_documents.owning.guest import Guest
from teahouse_documents.owning.owner import Owner
from teahouse_documents.values import DocumentsError

if TYPE_CHECKING:
    from teahouse_documents.search.reranking import Reranking

_ = Translator("teahouse_documents")
log = logging.getLogger(__name__)

LOCK = "index.lock"
NICE = 10
LISTEN_S = 0.3
LOCK_TRIES = 6
OWN = ("status", "search", "pulse", "list_conversations", "hand_over")
"""Verbs beside those of `answers`."""


def serve(server: Server) -> None:
    """Register the verbs."""
    _stand_back()
    child = Child(Workers())
    server.verb("open", child.open)
    server.verb("configure", child.configure)
    server.verb("problems", child.asked("all_problems"))
    for name in (*READS, *OWN):
        server.verb(name, child.asked(name))
    for name in CHANGES:
        server.verb(name, child.changing(name))


class Child:
    """Owner or guest of one folder; a guest becomes the owner when there is none any more."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._folder = Path()
        self._options = Options()
        self._lock: int | None = None
        self._owner: Owner | None = None
        self._role: Answers | Guest | None = None
        self._turn = threading.RLock()
        self._requests = Requests(self._change)

    def open(self, call: Call, *, folder: str, options: dict[str, Any]) -> dict[str, Any]:
        """Begin; the answer tells whether this process owns the index."""
        self._folder = Path(folder)
        self._take(options)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = self._folder / "tmp"
        scratch.mkdir(exist_ok=True)
        os.environ["SQLITE_TMPDIR"] = str(scratch)  # what SQLite spills holds text, and stays in our folder
        self._take_part()
        return {"is_owner": self._owner is not None}

    def configure(self, call: Call, *, options: dict[str, Any]) -> None:
        """Go on with other options."""
        with self._turn:
            self._take(options)
            if self._owner is not None:
                self._owner.configure(self._options)

    def _take(self, options: dict[str, Any]) -> None:
        self._options = Options.from_json(options)
        if self._options.language:
            activate(self._options.language)

    def asked(self, name: str) -> Callable[..., Any]:
        """A verb that only tells."""

        def answer(call: Call, **args: Any) -> Any:
            role = self._take_part()
            if not hasattr(role, name):
                return []  # a guest is not told of conversations
            with self._turn if name == "search" else contextlib.nullcontext():
                return self._saved(lambda: getattr(role, name)(**args))

        return answer

    def changing(self, name: str) -> Callable[..., Any]:
        """A verb that changes something."""

        def answer(call: Call, **args: Any) -> Any:
            self._take_part()
            return self._saved(lambda: self._change(name, **args))

        return answer

    # --- inside -------------------------------------------------------------------------------------

    def _change(self, verb: str, **args: Any) -> Any:
        role = self._role
        assert role is not None
        if isinstance(role, Guest):
            return role.ask(verb, **args)
        with self._turn:
            return role.ask(verb, **args)

    def _take_part(self) -> Answers | Guest:
        """Be the owner where nobody else is, else a guest."""
        if self._owner is not None and self._role is not None:
            return self._role
        self._lock = self._try_lock()
        if self._lock is not None:
            if isinstance(self._role, Guest):
                self._role.close()
            self._owner = self._new_owner()
            self._role = Answers(self._owner)
            listen = threading.Thread(target=self._listen, args=(self._owner,), name="requests", daemon=True)
            listen.start()
        elif self._role is None:
            self._role = self._new_guest()
        return self._role

    def _try_lock(self) -> int | None:
        """The lock, where nobody has it; a guest that looks whether it is free has it for a moment."""
        for _try in range(LOCK_TRIES if self._role is None else 1):
            lock = file_lock.hold(self._folder / LOCK, os.O_RDWR | os.O_CREAT)
            if lock is not None:
                return lock
            if self._role is None:
                time.sleep(0.05)
        return None

    def _new_owner(self) -> Owner:
        return Owner(
            self._folder,
            self._options,
            make_parser=self._make_parser,
            make_embedding=self._make_embedding,
            make_vectors=make_vectors,
            make_reranking=self._make_reranking,
        )

    def _new_guest(self) -> Guest:
        try:
            return Guest(
                self._folder,
                self._options,
                make_embedding=self._make_embedding,
                make_vectors=make_vectors,
                make_reranking=self._make_reranking,
                is_owned=self._is_owned,
            )
        except Unusable as error:
            raise DocumentsError(
                _("Another Teahouse keeps the index and is not ready yet."), _("Try again in a moment.")
            ) from error

    def _is_owned(self) -> bool:
        lock = file_lock.hold(self._folder / LOCK, os.O_RDWR | os.O_CREAT)
        if lock is None:
            return True
        os.close(lock)
        return False

    def _listen(self, owner: Owner) -> None:
        """Pick up what other processes ask, on a thread of its own."""
        while True:
            try:
                self._requests.take(owner.index)
            except Unusable as error:
                owner.give_up(error)
                return
            except DocumentsError as error:
                log.info("requests wait: %s", error)
            except Exception:  # the next ones are answered all the same
                log.exception("requests cannot be read")
            time.sleep(LISTEN_S)

    def _saved(self, answer: Callable[[], Any]) -> Any:
        """The answer; damage of the index ends this process, and the next one mends it."""
        try:
            return answer()
        except Unusable as error:
            if self._owner is not None:
                self._owner.give_up(error)
            raise DocumentsError(
                _("The index is damaged; it is being made anew."), _("Try again.")
            ) from error

    def _make_parser(self, options: Options) -> Parser:
        from teahouse_documents.indexing.parsers import FileParser
        from teahouse_documents.loaders.choice import loader_from_json

        return FileParser(
            self._workers,
            [loader_from_json(loader) for loader in options.loaders],
            folder=self._folder / "reading",
            ocr_languages=options.ocr_languages,
        )

    def _make_embedding(self, spec: dict[str, Any] | None) -> Embedding:
        if spec is None:
            return WordsOnly()
        from teahouse_documents.embedding.choice import from_json
        from teahouse_documents.embedding.running import Embedding as ModelEmbedding

        return ModelEmbedding(self._workers, from_json(spec))

    def _make_reranking(self, spec: dict[str, Any] | None) -> Reranking | None:
        if spec is None:
            return None
        from teahouse_documents.search.reranker import Reranker
        from teahouse_documents.search.reranking import Reranking

        return Reranking(self._workers, Reranker.from_json(spec))


def make_vectors(folder: Path | None, token: str, server: str) -> Any:
    """The vectors beside an index; without a folder those of a guest, which compares what it reads."""
    from teahouse_documents.vectors import Vectors

    return Vectors(folder, token=token, server=server)


def _stand_back() -> None:
    """Behind the window and a model that chats, with all children."""
    if hasattr(os, "nice"):
        os.nice(NICE)
