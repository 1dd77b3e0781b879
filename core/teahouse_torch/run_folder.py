"""A run on the disk: what was asked, what it learns from, how it went, what came out. Needs no torch.

run.json                     what was asked: model, settings, questions, card; never changed
train.safetensors            examples (see `examples_file`), held_out.safetensors, general-NAME.safetensors
metrics.jsonl                one row for each step and look, appended while it runs
checkpoints/step-N.safetensors
adapter.gguf, model.gguf     what came out: a LoRA, or the whole model where all weights were trained
stop                         while it is there, the run stops after the step that it is taking
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse.errors import AppError
from teahouse.language import _
from teahouse.models.disk import sync_file
from teahouse_torch import examples_file
from teahouse_torch.settings import TrainingSettings

if TYPE_CHECKING:
    from teahouse_torch.examples import Material

ASKED, TRAIN, HELD_OUT, GENERAL = "run.json", "train", "held_out", "general-"


class RunError(AppError):
    """A run's folder is damaged or not there."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of a run.

    Attributes:
        model: The GGUF file that is trained.
        questions: Token ids of prompts whose answers are told at each look.
        ends: Tokens that end an answer.
        card: About the adapter, for its file.
    """

    name: str
    model: Path
    settings: TrainingSettings
    questions: tuple[tuple[int, ...], ...] = ()
    ends: tuple[int, ...] = ()
    answer_tokens: int = 32
    card: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """What `run.json` holds."""
        return {
            "name": self.name,
            "model": str(self.model),
            "settings": self.settings.as_json(),
            "questions": [list(ids) for ids in self.questions],
            "ends": list(self.ends),
            "answer_tokens": self.answer_tokens,
            "card": dict(self.card),
        }


class RunFolder:
    """One run's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked_file = folder / ASKED
        self.metrics_file = folder / "metrics.jsonl"
        self.checkpoints = folder / "checkpoints"
        self.adapter = folder / "adapter.gguf"
        self.stop_file = folder / "stop"
        self.model = folder / "model.gguf"

    def asked(self) -> Asked:
        """What `run.json` says.

        Raises:
            RunError: It cannot be read.
        """
        try:
            told = json.loads(self.asked_file.read_text(encoding="utf-8"))
            return Asked(
                name=str(told["name"]),
                model=Path(told["model"]),
                settings=TrainingSettings.from_json(told["settings"]),
                questions=tuple(tuple(map(int, ids)) for ids in told.get("questions", ())),
                ends=tuple(map(int, told.get("ends", ()))),
                answer_tokens=int(told.get("answer_tokens", 32)),
                card={str(k): str(v) for k, v in told.get("card", {}).items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._damaged(ASKED, error) from error

    def put_asked(self, asked: Asked) -> None:
        """Write `run.json`, whole or not at all; it is written last: a folder without it is no run."""
        part = self.asked_file.with_suffix(".part")
        part.write_text(json.dumps(asked.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sync_file(part)
        part.replace(self.asked_file)

    def examples(self, name: str) -> Path:
        """Where the examples of `TRAIN`, `HELD_OUT` or `GENERAL + name` are."""
        return self.folder / f"{name}{examples_file.SUFFIX}"

    def material(self) -> Material:
        """What it learns from. This alone needs torch.

        Raises:
            RunError: The examples cannot be read.
        """
        from teahouse_torch.examples import Material, read_examples

        try:
            general = sorted(self.folder.glob(f"{GENERAL}*{examples_file.SUFFIX}"))
            held_out = self.examples(HELD_OUT)
            return Material(
                train=read_examples(self.examples(TRAIN)),
                held_out=read_examples(held_out) if held_out.exists() else (),
                general={file.stem.removeprefix(GENERAL): read_examples(file) for file in general},
            )
        except Exception as error:  # safetensors raises its own kinds
            raise self._damaged("*.safetensors", error) from error

    # --- how it went --------------------------------------------------------------------------------

    def rows(self) -> list[dict[str, Any]]:
        """The metrics so far; a last row that was not finished is left out."""
        try:
            lines = self.metrics_file.read_text(encoding="utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return []
        return [row for row in map(_object, lines) if row is not None]

    def tell(self, row: Mapping[str, Any]) -> None:
        """Add a row; what is on the disk is never ahead of a checkpoint by more than the steps since it."""
        with self.metrics_file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")

    def go_back(self, step: int) -> None:
        """Forget what was told after a step: it is done again."""
        rows = [row for row in self.rows() if row.get("step", 0) <= step]
        part = self.metrics_file.with_suffix(".part")
        with part.open("w", encoding="utf-8") as stream:
            stream.writelines(json.dumps(row) + "\n" for row in rows)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(self.metrics_file)

    def _damaged(self, name: str, error: Exception) -> RunError:
        return RunError(
            _("The run in {folder} cannot be read: {file} ({reason}).").format(
                folder=self.folder, file=name, reason=error
            ),
            _("Start it again from its data."),
            path=str(self.folder),
        )


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
