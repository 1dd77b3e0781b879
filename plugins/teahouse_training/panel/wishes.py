"""What is chosen on the page for a new training, as a draft of a run."""

from __future__ import annotations

from pathlib import Path

from teahouse_training.panel.values import Wanted
from teahouse_training.runs import ChosenChats, Draft, FileRows, TypedRows

GOOD = 1
"""A thumb up."""


def draft_of(wanted: Wanted) -> Draft:
    """The draft of a wish."""
    return Draft(
        name=wanted.name,
        model=wanted.model,
        source=_source(wanted),
        kind="pretrain" if wanted.origin == "file" and wanted.is_text else "sft",
        preset=wanted.preset,
        changes=wanted.settings,
        questions=wanted.questions or None,
    )


def _source(wanted: Wanted) -> TypedRows | FileRows | ChosenChats:
    if wanted.origin == "typed":
        return TypedRows(wanted.pairs)
    if wanted.origin == "file":
        return FileRows(Path(wanted.path))
    chosen = wanted.conversations
    return ChosenChats(chosen.folder, chosen.tag, GOOD if chosen.is_good else 0)
