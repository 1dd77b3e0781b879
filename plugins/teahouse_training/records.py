"""The runs on the disk: a folder for each, below `data/training`.

Beside what `teahouse_torch.run_folder` names there are

draft.json      what was asked for and what became of the data; never changed
data.jsonl      the rows that are learned, as they were then; held_out.jsonl those that are not
pieces.json     the bytes of each token of the vocabulary, so that answers can be read without the model
state.json      how it stands
lock            held by the process that trains it
stop            says why somebody wants it to stop
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

from teahouse import Translator
from teahouse.file_lock import hold
from teahouse.models.disk import sync_file
from teahouse.models.identity import model_hash
from teahouse_torch.run_folder import TRAIN, RunError, RunFolder
from teahouse_training.damage import DRAFT, STATE, damaged, is_ours
from teahouse_training.data.rows import Issue
from teahouse_training.looks import Looks
from teahouse_training.values import Run, State, TrainingRefused

_ = Translator("teahouse_training")

LOCK = "lock"
LONGEST_NAME = 60
LOOKED_FOR_S = 0.5
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|=,]')


def check_name(name: str) -> str:
    """A name as it can be that of a folder and of an adapter.

    Raises:
        TrainingRefused: It is empty, too long, or holds what file names or `NAME=SCALE` cannot.
    """
    plain = " ".join(name.split())
    is_odd = plain.startswith((".", "-")) or plain.endswith(".") or _FORBIDDEN.search(plain)
    if not plain or len(plain) > LONGEST_NAME or is_odd:
        raise TrainingRefused(
            _("A run cannot be called “{name}”.").format(name=name[:200]),
            _("Give it a name of at most {count} letters, digits, spaces and hyphens.").format(
                count=LONGEST_NAME
            ),
        )
    return plain


class Records:
    """What is known of each run; any thread and any process may read it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._looks = Looks()

    def names(self) -> list[str]:
        """Of all runs, the damaged too, in the order of the alphabet."""
        try:
            found = [folder for folder in self.home.iterdir() if not folder.name.startswith(".")]
        except FileNotFoundError:
            return []
        return sorted(folder.name for folder in found if is_ours(folder))

    def folder(self, name: str) -> RunFolder:
        """The folder of a run.

        Raises:
            TrainingRefused: There is no such run.
        """
        plain = check_name(name)
        if plain not in self.names():
            raise TrainingRefused(
                _("There is no run named “{name}”.").format(name=name),
                _("“teahouse train list” names those there are."),
                available=self.names(),
            )
        return RunFolder(self.home / plain)

    def exists(self, name: str) -> bool:
        """Whether there is a run of this name, whatever the case of its letters."""
        return check_name(name).casefold() in (other.casefold() for other in self.names())

    def read(self, name: str) -> Run:
        """A run as it stands.

        Raises:
            TrainingRefused: There is none.
            RunError: Its folder is damaged.
        """
        place = self.folder(name)
        try:
            return self._read(place)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(place.folder, error) from error  # JSON, but not what is written there

    def _read(self, place: RunFolder) -> Run:
        try:
            asked = place.asked()
        except RunError as error:
            raise damaged(place.asked_file, error.__cause__ or error) from error
        draft, state = _object(place.folder / DRAFT), place.folder / STATE
        told, rows = _object(state) if state.exists() else {}, place.rows()
        return Run(
            name=place.folder.name,
            folder=place.folder,
            state=self._state(place, told),
            kind="pretrain" if draft.get("kind") == "pretrain" else "sft",
            model=str(draft.get("model", "")),
            preset=str(draft.get("preset", "")),
            created_ms=int(draft.get("created_ms", 0)),
            step=max((int(row.get("step", 0)) for row in rows), default=0),
            steps=asked.settings.steps,
            source=str(draft.get("source", "")),
            rows=int(draft.get("rows", 0)),
            held_out=int(draft.get("held_out", 0)),
            settings=asked.settings,
            evaluation=self._looks.evaluate(place, rows, asked.settings, draft.get("questions", [])),
            issues=tuple(Issue.from_json(one) for one in draft.get("issues", [])),
            questions=tuple(map(str, draft.get("questions", []))),
            error=(str(told.get("error", "")), str(told.get("hint", ""))),
            adapter=str(told.get("adapter", "")),
            made_model=str(told.get("made_model", "")),
            held_out_source=str(draft.get("held_out_source", "")),
            changes=dict(draft.get("changes", {})),
            why=str(told.get("why", "")),
            seconds=float(told.get("seconds", 0.0)),
        )

    def check_whole(self, place: RunFolder, model: Path) -> None:
        """Refuse to train on something else than what was asked for.

        Raises:
            TrainingRefused: The model's file, or the examples, are not those that the run was made with.
        """
        draft = _object(place.folder / DRAFT)
        for wanted, found, words in (
            ("model_hash", model_hash(model), _("the file of its model is another one now")),
            ("examples_sha256", sha256_of(place.examples(TRAIN)), _("its examples were changed")),
        ):
            if draft.get(wanted) != found:
                raise TrainingRefused(
                    _("The run “{name}” cannot go on: {reason}.").format(
                        name=place.folder.name, reason=words
                    ),
                    _("Make it anew from its data, {file}.").format(file=place.folder / "data.jsonl"),
                )

    # --- how it stands ------------------------------------------------------------------------------

    def told(self, place: RunFolder) -> dict[str, Any]:
        """What `state.json` says; an empty one where it cannot be read."""
        try:
            return _object(place.folder / STATE)
        except RunError:
            return {}

    def tell(self, place: RunFolder, state: State, **facts: Any) -> None:
        """Note how a run stands; what is not named stays as it was."""
        write_json(place.folder / STATE, {**self.told(place), "state": state, **facts})

    def _state(self, place: RunFolder, told: Mapping[str, Any]) -> State:
        state: State = told.get("state", "prepared")
        if state not in get_args(State):
            return "interrupted"
        if state == "running" and not is_held(place.folder / LOCK):
            return "interrupted"
        return state

    # --- who works on it ----------------------------------------------------------------------------

    @contextmanager
    def held(self, place: RunFolder) -> Iterator[None]:
        """Be the one process that works on a run.

        Raises:
            TrainingRefused: Another one does.
        """
        until = time.monotonic() + LOOKED_FOR_S
        while (descriptor := hold(place.folder / LOCK, os.O_RDWR | os.O_CREAT)) is None:
            if time.monotonic() < until:  # `is_held` holds it for a moment, too
                time.sleep(LOOKED_FOR_S / 10)
                continue
            raise TrainingRefused(
                _("The run “{name}” is being trained already, here or in another window.").format(
                    name=place.folder.name
                ),
                _("Wait for it, or pause it there."),
            )
        try:
            yield
        finally:
            os.close(descriptor)

    def ask_to_stop(self, place: RunFolder, why: State) -> None:
        """Let whoever trains the run stop after the step that is being taken."""
        write_json(place.stop_file, {"why": why})

    def asked_to_stop(self, place: RunFolder) -> State | None:
        """Why the run is to stop; None where nobody asks for it."""
        try:
            return "cancelled" if _object(place.stop_file).get("why") == "cancelled" else "paused"
        except RunError:
            return None

    def forget_stop(self, place: RunFolder) -> None:
        """Nobody asks for a stop any more."""
        (place.stop_file).unlink(missing_ok=True)

    def remove(self, place: RunFolder) -> None:
        """Delete a run's folder with all that is in it; not while its lock is held, for Windows' sake."""
        gone = self.home / f".{place.folder.name}.gone"
        shutil.rmtree(gone, ignore_errors=True)
        place.folder.replace(gone)  # at once, so that no half of it is ever seen
        shutil.rmtree(gone, ignore_errors=True)


def is_held(lock: Path) -> bool:
    """Whether a process works on the run whose lock this is."""
    try:
        descriptor = hold(lock)
    except OSError:
        return False
    if descriptor is None:
        return True
    os.close(descriptor)
    return False


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sync_file(part)
    part.replace(path)


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(path, error) from error
    if not isinstance(value, dict):
        raise damaged(path, TypeError())
    return value
