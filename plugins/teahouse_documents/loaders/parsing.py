"""The asker's side: a file in, its pieces out, whatever the file does to the process that reads it."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from teahouse.errors import AppError, EngineCrashed, OutOfMemory
from teahouse.jobs import Cancel
from teahouse.language import Translator, active
from teahouse.passages import Loader, Piece
from teahouse.workers.process import Worker, Workers
from teahouse_documents.loaders.builtin import LOADERS
from teahouse_documents.loaders.choice import Choice, loader_as_json
from teahouse_documents.loaders.limits import Limits
from teahouse_documents.loaders.reading import Message, out_of_memory
from teahouse_documents.loaders.refusal import Refused, Stopped, refuse
from teahouse_documents.scanning import names

_ = Translator("teahouse_documents")

log = logging.getLogger(__name__)

ENTRY = "teahouse_documents.loaders.child:serve"
RECOGNITION_SLOWER = 30
"""A scanned page takes some ten seconds; the time between two pages is bounded as ever."""

GRACE_S = 10.0
"""What the parser child gets beyond its own clock before it is taken for stuck itself."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a file that was read.

    Args:
        loader: Identity of the one that read it.
        chars: Of all its text.
        remarks: For people: pages that are scans, text that was left out.
        is_cut: The file held more text than is taken from one.
    """

    loader: str = ""
    chars: int = 0
    pieces: int = 0
    remarks: tuple[str, ...] = ()
    is_cut: bool = False


class Parsing:
    """Reads files by a confined child, which is started when it is first needed.

    One thread uses it; several files may be read in turns.

    Args:
        loaders: In the order of the plugins; of two for the same suffix the later one is taken.
        ocr_languages: Scanned pages are recognised in these, by an installed tesseract.
        entry: Of the child.
    """

    def __init__(
        self,
        workers: Workers,
        *,
        loaders: Iterable[Loader] = LOADERS,
        limits: Limits | None = None,
        ocr_languages: Iterable[str] = (),
        entry: str = ENTRY,
    ) -> None:
        self._workers = workers
        self.choice = Choice(loaders)
        self._languages = list(ocr_languages)
        limits = limits or Limits()
        slowly = limits.total_s * (RECOGNITION_SLOWER if self._languages else 1)
        self._limits = replace(limits, total_s=slowly)
        self._entry = entry
        self._worker: Worker | None = None
        self._language = ""
        self._open_files = 0

    def loader_for(self, path: Path) -> Loader | None:
        """What would read a file of this name; None where nothing does."""
        return self.choice.by_name(path)

    def parse(self, path: Path, cancel: Cancel | None = None) -> Generator[Piece, None, Parsed]:
        """The pieces of a file, as they come; the generator's return value says what became of it.

        Raises:
            Refused: The file cannot be read, or not to its end; `data["why"]` says what kind of reason it is.
            Stopped: `cancel` was set.
        """
        loader = self.loader_for(path)
        if loader is None:
            raise refuse("unknown", _("Files of this type are not read."))
        self._keep_to_language()
        begun = self._call("begin", cancel, **self._request(path, loader))
        remarks: list[str] = []
        self._open_files += 1
        try:
            while True:
                for message in self._call("next", cancel, run=begun["run"]):
                    yield from map(Piece.from_json, message.get("pieces", ()))
                    if "remark" in message:
                        remarks.append(str(message["remark"]))
                    if "error" in message:
                        raise _told(message["error"])
                    if "end" in message:
                        return self._parsed(begun["loader"], message["end"], remarks)
        finally:
            self._open_files -= 1
            self._drop(begun["run"])

    def close(self) -> None:
        """End the child; the next file starts another. Frees its memory while nothing is to be read."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    # --- inside -----------------------------------------------------------------------------------

    def _request(self, path: Path, loader: Loader) -> dict[str, Any]:
        pdf = self.choice.by_name(Path("a.pdf"))
        return {
            "path": names.to_wire(str(path.absolute())),
            "loader": loader_as_json(loader),
            "pdf": loader_as_json(pdf) if pdf else None,
            "limits": self._limits.as_json(),
            "ocr_languages": self._languages,
        }

    def _parsed(self, loader: str, end: Message, remarks: list[str]) -> Parsed:
        is_cut = bool(end["is_cut"])
        if is_cut:
            text = _("Only the first {count} million characters were taken.")
            remarks = [*remarks, text.format(count=round(int(end["chars"]) / 1e6, 1))]
        return Parsed(loader, int(end["chars"]), int(end["pieces"]), tuple(remarks), is_cut)

    def _keep_to_language(self) -> None:
        """End a child that was started in another language: its reasons are in that one.

        One that is reading something goes on.
        """
        if self._language != active() and not self._open_files:
            self.close()

    def _open(self, cancel: Cancel | None) -> Worker:
        if self._worker is None or not self._worker.is_alive:
            self.close()
            self._language = active()
            # it sees every file so that its forks can be given one, and writes none
            everything = [Path("/")] if sys.platform == "linux" else None
            self._worker = self._workers.start(self._entry, readable=everything, cancel=cancel)
        return self._worker

    def _call(self, verb: str, cancel: Cancel | None, **args: Any) -> Any:
        """The answer of the child.

        Raises:
            Refused: Also where the child itself ended.
            Stopped: `cancel` was set.
        """
        if cancel is not None and cancel.is_set():
            raise Stopped(_("Reading was stopped."))
        worker = self._open(cancel)
        deadline = time.monotonic() + self._limits.silent_s + GRACE_S
        is_late = False
        steps = worker.ask(verb, cancel, **args)
        try:
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    return stop.value
                if time.monotonic() > deadline and not is_late:
                    is_late = True
                    worker.kill()
        except EngineCrashed as crash:
            raise self._crash(crash, cancel, is_late=is_late) from crash
        except OutOfMemory as error:
            raise out_of_memory() from error
        except (Refused, Stopped):
            raise
        except AppError as error:  # a fault of the parser child is no reason to stop indexing
            if cancel is not None and cancel.is_set():
                raise Stopped(_("Reading was stopped.")) from error
            raise refuse("fault", error.text, error.hint) from error

    def _crash(self, crash: EngineCrashed, cancel: Cancel | None, *, is_late: bool) -> AppError:
        self.close()
        log.info("the parser child ended: %s", crash.data)
        if cancel is not None and cancel.is_set():
            return Stopped(_("Reading was stopped."))
        if is_late:
            text = _("Reading it took longer than {seconds} s.").format(seconds=round(self._limits.silent_s))
            return refuse("time", text)
        text = _("The process that read it stopped unexpectedly ({reason}).")
        code = crash.data.get("exit_code")
        return refuse("crash", text.format(reason=code), _("The file may be damaged."))

    def _drop(self, run: int) -> None:
        if self._worker is not None and self._worker.is_alive:
            try:
                self._worker.call("drop", None, run=run)
            except AppError as error:
                log.info("a file could not be let go: %s", error)


def _told(wire: Any) -> AppError:
    """The reason that the process of a file gave."""
    given = wire if isinstance(wire, dict) else {}
    data = given.get("data")
    refused = Refused(str(given.get("text", "")), str(given.get("hint", "")))
    refused.data = {"why": "fault", **data} if isinstance(data, dict) else {"why": "fault"}
    return refused
