"""Our side of training: the run's own trainer on the starter, step by step."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import torch

from bench.lessons import ALPHA, LENGTH, RANK, RATE, ROWS, lesson
from bench.peak import forget_peak, peak_mb
from bench.side import serve, take_stdout
from teahouse_torch.examples import Example, Material
from teahouse_torch.loading import load
from teahouse_torch.settings import TrainingSettings
from teahouse_torch.training import Trainer


class OurLearner:
    """A model with a LoRA that is trained for as long as somebody asks."""

    def __init__(self, *, path: str, threads: int) -> None:
        torch.set_num_threads(threads)
        self._path = Path(path)
        self._trainers: dict[float, Trainer] = {}

    def measure(self, *, what: str = "step", share: float = 1.0, number: int = 0) -> dict[str, float]:
        """Take one step, or read the file once."""
        return self._load() if what == "load" else self._step(share, number)

    def _load(self) -> dict[str, float]:
        begun = perf_counter()
        load(self._path, dtype=torch.bfloat16)
        return {"seconds": perf_counter() - begun}

    def _step(self, share: float, number: int) -> dict[str, float]:
        trainer = self._trainer(share)
        forget_peak()
        begun = perf_counter()
        row = trainer._step([number % len(trainer.rows)])
        spent_s = perf_counter() - begun
        return {"tokens_per_s": ROWS * LENGTH / spent_s, "peak_mb": peak_mb(), "loss": row["loss"]}

    def _trainer(self, share: float) -> Trainer:
        if share not in self._trainers:
            self._trainers.clear()
            lessons = [lesson(number, share=share) for number in range(100)]
            examples = [Example(torch.tensor(ids), torch.tensor(flags)) for ids, flags in lessons]
            settings = TrainingSettings(
                rows=ROWS, length=LENGTH, steps=1000, learning_rate=RATE, rank=RANK, alpha=ALPHA
            )
            model = load(self._path, dtype=torch.bfloat16)
            folder = Path(tempfile.gettempdir())
            self._trainers[share] = Trainer(model, Material(examples), settings, folder, lambda: False)
        return self._trainers[share]


if __name__ == "__main__":
    answers = take_stdout()
    serve(OurLearner(**json.loads(sys.argv[1])).measure, answers)
