"""Runs whose folder cannot be read: what is wrong, what of them is still of use, what can be done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teahouse import AppError, Translator
from teahouse.language import sentences
from teahouse_torch.run_folder import ASKED, RunError, RunFolder

_ = Translator("teahouse_training")

DRAFT, STATE, ROWS = "draft.json", "state.json", "data.jsonl"
KNOWN = (DRAFT, ASKED, STATE, ROWS, "metrics.jsonl", "checkpoints", "adapter.gguf", "model.gguf")
"""A folder with none of these is none of ours."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """A run that cannot be read; nothing of it was deleted.

    Attributes:
        text: What is wrong.
        hint: What is still of use, and what can be done.
        adapter: Name of its adapter, where that is in the library.
        made_model: Name of the whole model that came out, where that is among the models.
    """

    name: str
    folder: Path
    text: str
    hint: str
    adapter: str = ""
    made_model: str = ""

    def as_json(self) -> dict[str, Any]:
        """Everything that people or programs want to know of it."""
        return {
            "name": self.name,
            "state": "damaged",
            "error": {"text": self.text, "hint": self.hint},
            "adapter": self.adapter,
            "made_model": self.made_model,
            "folder": str(self.folder),
        }


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a run, or what is left of one."""
    return folder.is_dir() and any((folder / name).exists() for name in KNOWN)


def damaged_run(place: RunFolder, error: AppError, *, adapter: str = "", made_model: str = "") -> Damaged:
    """What can be said of a run that could not be read, with what is there of it outside its folder."""
    hint = [_("Nothing was deleted.")]
    if (place.folder / ROWS).is_file():
        hint.append(
            _("Its examples are still there, in {file}: a new training can be made of them.").format(
                file=place.folder / ROWS
            )
        )
    if adapter:
        hint.append(_("Its adapter “{name}” stays in the library and can be used.").format(name=adapter))
    if made_model:
        hint.append(_("Its model “{name}” stays among the models.").format(name=made_model))
    return Damaged(place.folder.name, place.folder, error.text, sentences(*hint), adapter, made_model)


def damaged(path: Path, error: BaseException) -> RunError:
    """The error for people, of a file or folder that is not as it was written."""
    return RunError(
        _("{file} cannot be read ({reason}).").format(file=path, reason=_in_words(error)),
        _("Discard the run and start it again from its data."),
        path=str(path),
    )


def _in_words(error: BaseException) -> str:
    match error:
        case FileNotFoundError():
            return _("it is missing")
        case OSError():
            return error.strerror or str(error)
        case UnicodeError():
            return _("it is no text")
        case json.JSONDecodeError():
            return _("it is no JSON from line {line} on").format(line=error.lineno)
        case RecursionError():
            return _("it is nested too deeply")
    return _("something in it is missing or of another kind than it was written")
