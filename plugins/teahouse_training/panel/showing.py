"""Runs as the panel shows them: what stands on the disk, and what was told since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from teahouse_training.panel.values import Answered, Looked, SeenToken, ShownRun
from teahouse_training.panel.words import _
from teahouse_training.phrases import stage_text
from teahouse_training.room import Room
from teahouse_training.values import Checked, Run, RunProgress, Seen, State

Row = Mapping[str, Any]
BROKEN: frozenset[State] = frozenset(("failed", "interrupted"))
"""States for which there is a reason that people should read."""


@dataclass(slots=True)
class Live:
    """What one run has told since it was read.

    Attributes:
        rows: All rows of its metrics, those from the disk first; a look has its answers as `texts`.
        has_history: Whether the rows from the disk are among them.
    """

    rows: list[Row] = field(default_factory=list)
    progress: RunProgress | None = None
    has_history: bool = False

    def hear(self, progress: RunProgress) -> None:
        """Take what was told now."""
        self.progress = progress
        row = progress.row
        if row is None:
            return
        if row.get("kind") == "resumed":  # what came after that step is done again
            self.rows = [one for one in self.rows if one.get("step", 0) <= row["step"]]
        self.rows.append({**row, "texts": list(progress.answers)} if progress.answers else row)

    def take_history(self, rows: Sequence[Row]) -> None:
        """Put the rows from the disk before those that were told since."""
        known = {(row.get("kind"), row.get("step")) for row in rows}
        since = [row for row in self.rows if (row.get("kind"), row.get("step")) not in known]
        self.rows, self.has_history = [*rows, *since], True


def shown(run: Run, told: Live) -> ShownRun:
    """A run as it is shown."""
    now = told.progress
    is_running = run.state == "running" or now is not None
    made = ShownRun(
        name=run.name,
        model=run.model,
        state="running" if is_running else run.state,
        created_ms=run.created_ms,
        rows=run.rows,
        step=run.step,
        steps=run.steps,
        error="" if is_running or run.state not in BROKEN else run.error[0],
        hint="" if is_running or run.state not in BROKEN else run.error[1],
        metrics=tuple(told.rows),
        answers=answers(run, told.rows),
        adapter=run.adapter,
        made_model=run.made_model,
    )
    if now is None:
        return made
    stage = stage_text(now.stage) if now.stage != "training" or not now.step else ""
    step = max(now.step, run.step)
    return replace(made, stage=stage, eta_s=now.eta_s, memory_bytes=now.memory_bytes, step=step)


def answers(run: Run, rows: Sequence[Row]) -> tuple[Answered, ...]:
    """The run's questions with what was said at the first look and at the last."""
    looks = [row for row in rows if row.get("kind") == "look" and row.get("texts")]
    if not looks:
        return tuple(
            Answered(question, before, now, run.evaluation.step)
            for question, before, now in run.evaluation.answers
        )
    first, last = looks[0]["texts"], looks[-1]["texts"]
    step = int(looks[-1].get("step", 0)) if len(looks) > 1 else 0
    told = zip(run.questions, first, last, strict=False)
    return tuple(Answered(question, str(old), str(new), step) for question, old, new in told)


def looked(checked: Checked, room: Room) -> Looked:
    """What was found out about a wish."""
    parts = checked.memory.parts if checked.memory is not None else {}
    return Looked(
        rows=checked.rows,
        held_out=checked.held_out,
        tokens=checked.tokens,
        learned=checked.learned_tokens,
        preset=checked.preset,
        issues=checked.issues,
        examples=tuple(map(_tokens, checked.sample)),
        settings=checked.settings.as_json(),
        parts=tuple((_part_in_words(name), size) for name, size in dict(parts).items()),
        needed_bytes=room.needed_bytes or 0,
        free_bytes=room.free_bytes or 0,
        loaded=room.loaded,
    )


def _tokens(seen: Seen) -> tuple[SeenToken, ...]:
    rows = zip(seen.ids, seen.pieces, seen.control, seen.learned, strict=True)
    return tuple(SeenToken(*row) for row in rows)


def _part_in_words(name: str) -> str:
    return {
        "program": _("The program itself"),
        "weights": _("The model's weights"),
        "learned": _("What is learned, and what the optimiser remembers of it"),
        "text": _("What each layer keeps of the examples until the way back"),
        "head": _("Scores of all words"),
    }.get(name, name)
