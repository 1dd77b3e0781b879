"""What a run has told at its looks: how well it learns, what it forgets, what it answers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from teahouse_torch.run_folder import RunFolder
from teahouse_torch.settings import TrainingSettings
from teahouse_training.values import Evaluation

PIECES = "pieces.json"
Answers = tuple[tuple[str, str, str], ...]
"""(question, before, now) each."""


class Looks:
    """Evaluations of runs; what was spelled is remembered, since a whole vocabulary is read for it."""

    def __init__(self) -> None:
        self._answered: dict[str, tuple[tuple[int, int], Answers]] = {}

    def evaluate(
        self,
        place: RunFolder,
        rows: Sequence[Mapping[str, Any]],
        settings: TrainingSettings,
        questions: Sequence[str],
    ) -> Evaluation:
        """What a run has changed so far."""
        looks = [row for row in rows if row.get("kind") == "look"]
        if not looks:
            return Evaluation()
        first, now = looks[0], looks[-1]
        if settings.patience:  # the best weights are those that stay
            now = min(looks, key=lambda row: (row.get("held_out") is None, row.get("held_out") or 0.0))
        known, knows = first.get("perplexity") or {}, now.get("perplexity") or {}
        return Evaluation(
            step=int(now.get("step", 0)),
            held_out=_pair(first.get("held_out"), now.get("held_out")),
            perplexity={name: pair for name in known if (pair := _pair(known[name], knows.get(name)))},
            moved=now.get("moved"),
            answers=self._answers(place, first, now, questions),
        )

    def _answers(
        self, place: RunFolder, first: Mapping[str, Any], now: Mapping[str, Any], questions: Sequence[str]
    ) -> Answers:
        before, after = first.get("answers") or [], now.get("answers") or []
        if not before or not after:
            return ()
        mark = place.asked_file.stat().st_mtime_ns, int(now.get("step", 0))
        mark_before, known = self._answered.get(place.folder.name, ((0, 0), ()))
        if mark != mark_before:
            speller = Speller.of(place)
            told = zip(questions, before, after, strict=False)
            known = tuple((question, speller.spell(old), speller.spell(new)) for question, old, new in told)
            self._answered[place.folder.name] = mark, known
        return known


def history(place: RunFolder) -> list[dict[str, Any]]:
    """The rows of the metrics; a look's `texts` are its answers in words."""
    rows = place.rows()
    if any(row.get("answers") for row in rows):
        speller = Speller.of(place)
        for row in rows:
            if row.get("answers"):
                row["texts"] = [speller.spell(ids) for ids in row["answers"]]
    return rows


class Speller:
    """Turns token ids into text, without the model."""

    def __init__(self, pieces: Sequence[str]) -> None:
        self._pieces = pieces

    @classmethod
    def of(cls, place: RunFolder) -> Speller:
        """Of a run; one that knows no token where its file is damaged."""
        try:
            found = json.loads((place.folder / PIECES).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = []
        return cls(found if isinstance(found, list) else [])

    def spell(self, ids: Sequence[int]) -> str:
        """The text of some tokens; one that is not known is U+FFFD."""
        known = [self._pieces[id_].encode("latin-1") if id_ < len(self._pieces) else b"\xff" for id_ in ids]
        return b"".join(known).decode("utf-8", "replace").strip()


def _pair(before: object, now: object) -> tuple[float, float] | None:
    if isinstance(before, (int, float)) and isinstance(now, (int, float)):
        return float(before), float(now)
    return None
