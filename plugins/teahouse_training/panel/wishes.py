"""What is chosen on the page for a new training, as a draft of a run; and a run as such a choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from teahouse_training.damage import ROWS
from teahouse_training.panel.values import Wanted
from teahouse_training.runs import ChosenChats, Draft, FileRows, Run, TypedRows

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
        held_out=FileRows(Path(wanted.held_out)) if wanted.held_out else None,
        questions=wanted.questions or None,
    )


def wanted_of(run: Run, before: Wanted) -> Wanted:
    """The wish for a run like this one, with its own copy of the rows.

    Args:
        before: What was chosen until now; what was typed there stays typed.
    """
    # of plain text only pieces are held out: the copy has the whole texts that they are from
    is_held_out = run.held_out and (run.kind != "pretrain" or run.held_out_source)
    return replace(
        before,
        name="",
        model=run.model,
        origin="file",
        path=str(run.folder / ROWS),
        held_out=str(run.folder / "held_out.jsonl") if is_held_out else "",
        is_text=run.kind == "pretrain",
        preset=run.preset,
        settings=dict(run.changes) or ({"is_full": True} if run.settings.is_full else {}),
        questions=run.questions,
    )


def _source(wanted: Wanted) -> TypedRows | FileRows | ChosenChats:
    if wanted.origin == "typed":
        return TypedRows(wanted.pairs)
    if wanted.origin == "file":
        return FileRows(Path(wanted.path))
    chosen = wanted.conversations
    return ChosenChats(chosen.folder, chosen.tag, GOOD if chosen.is_good else 0)
