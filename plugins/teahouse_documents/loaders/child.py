"""The parser child: reads files one piece after the other, each in a process of its own where that can be.

Verbs: `begin(path, loader, limits, ocr_languages)` → id; `next(run)` → messages of `reading`, waits for them;
`drop(run)`. It is asked for more only when the last was taken, so a long file never piles up.
"""

from __future__ import annotations

import importlib
import itertools
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from teahouse.language import Translator
from teahouse.passages import Loader
from teahouse.workers.child import Call, Server
from teahouse_documents.loaders.builtin import PACKAGE
from teahouse_documents.loaders.choice import HEAD_BYTES, Choice, loader_from_json
from teahouse_documents.loaders.direct import Direct
from teahouse_documents.loaders.fork import Fork
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.reading import Message, import_library
from teahouse_documents.loaders.refusal import refuse
from teahouse_documents.scanning import names

_ = Translator("teahouse_documents")

ENDS = ("end", "error")


class Parser:
    """The files being read."""

    def __init__(self, *, can_fork: bool) -> None:
        self._make = Fork if can_fork else Direct
        self._runs: dict[int, Fork | Direct] = {}
        self._ids = itertools.count(1)

    def begin(
        self,
        call: Call,
        *,
        path: str,
        loader: dict[str, Any],
        pdf: dict[str, Any] | None,
        limits: dict[str, Any],
        ocr_languages: list[str],
    ) -> dict[str, Any]:
        """Start to read a file.

        Args:
            path: As on the wire.
            loader: By its name.
            pdf: The loader for what is a PDF whatever its name; None where there is none.

        Raises:
            Refused: It is gone, empty, no plain file, or a library is missing.
        """
        file, named = Path(names.from_wire(path)), loader_from_json(loader)
        choice = Choice([loader_from_json(pdf)] if pdf else [])
        chosen = choice.by_content(_head(file), named)
        if chosen.entry.startswith(f"{PACKAGE}."):
            _preload(chosen)
        run = next(self._ids)
        self._runs[run] = self._make(chosen, file, Limits(**limits), tuple(ocr_languages))
        return {"run": run, "loader": chosen.identity}

    def next(self, call: Call, *, run: int) -> list[Message]:
        """The next messages of a file, at least one until the last.

        Raises:
            Refused: Its process died or took too long.
            Stopped: The asker stopped it.
        """
        reader = self._runs[run]
        try:
            messages = reader.take(lambda: call.is_cancelled)
        except BaseException:
            self.drop(call, run=run)
            raise
        if any(end in message for message in messages for end in ENDS):
            self.drop(call, run=run)
        return messages

    def drop(self, call: Call, *, run: int) -> None:
        """Read no more of a file."""
        if reader := self._runs.pop(run, None):
            reader.close()


def _head(file: Path) -> bytes:
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise refuse("unknown", _("It is not a file."))
        if facts.st_size == 0:
            raise refuse("empty", _("It is empty."))
        with file.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        text = _("It cannot be opened ({reason}).").format(reason=error.strerror or str(error))
        raise refuse("missing", text) from error


def _preload(loader: Loader) -> None:
    """Import what this plugin's own loader needs once, for all files to come."""
    importlib.import_module(loader.entry.partition(":")[0])
    for module in loader.needs:
        import_library(module)


def serve(server: Server) -> None:
    """Register the verbs; forks where that is safe."""
    register(server, can_fork=sys.platform == "linux")


def serve_direct(server: Server) -> None:
    """The same without a process for each file."""
    register(server, can_fork=False)


def register(server: Server, *, can_fork: bool) -> None:
    """Register the verbs."""
    parser = Parser(can_fork=can_fork)
    for verb in (parser.begin, parser.next, parser.drop):
        server.verb(verb.__name__, verb)
    for module in ("lxml.etree", "charset_normalizer"):  # most loaders need them: imported once for all forks
        with suppress(ImportError):
            importlib.import_module(module)
