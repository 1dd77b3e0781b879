"""Run folders with a small model, and ways to carry them out: also to be killed, short of memory, in twos."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from teahouse_torch import examples_file
from teahouse_torch.run_folder import GENERAL, HELD_OUT, TRAIN, Asked, RunFolder
from teahouse_torch.settings import TrainingSettings
from tests.core.torch.small import SMALL, VOCABULARY

QUICK = TrainingSettings(
    steps=24,
    rows=3,
    length=40,
    look_every=6,
    keep_every=5,
    learning_rate=3e-3,
    threads=1,
    precision="float32",
)
DELAYS_S = (0.02, 0.5)


def rows(seed: int, count: int, *, learned: int = 0) -> list[tuple[list[int], list[int]]]:
    """Examples of 12 to 20 tokens; the last ones are learned, of each another number."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        length = 12 + number % 9
        last = learned or 2 + number % 5
        made.append((rng.integers(0, VOCABULARY, length).tolist(), [0] * (length - last) + [1] * last))
    return made


def prepare(folder: Path, settings: TrainingSettings = QUICK, *, family: str = "qwen2") -> RunFolder:
    """A run that can be carried out."""
    folder.mkdir()
    model = SMALL[family].write(folder / "base.gguf")
    place = RunFolder(folder)
    examples_file.write(place.examples(TRAIN), rows(1, 14))
    examples_file.write(place.examples(HELD_OUT), rows(2, 3))
    examples_file.write(place.examples(GENERAL + "en"), rows(3, 1, learned=11))
    place.put_asked(Asked("quick", model, settings, questions=((5, 6, 7),), ends=(0,), answer_tokens=3))
    return place


def losses(place: RunFolder) -> dict[int, float]:
    """The loss of each step; each was told once."""
    told = [(row["step"], row["loss"]) for row in place.rows() if row["kind"] == "step"]
    assert len(told) == len(dict(told)), "a step was told twice"
    return dict(told)


# --- programs ---------------------------------------------------------------------------------------


def carry_out(folder: str) -> None:
    from teahouse_torch import running

    running.carry_out(RunFolder(Path(folder)), lambda _event, **_fields: None, lambda: False)


def kill_at_random(folder: str, seed: str) -> None:
    """Start the run again and again, and kill it; prints how often it took."""
    import torch

    import teahouse_torch.running  # noqa: F401 - imported once, before the forks

    torch.set_num_threads(1)
    chance, kills = random.Random(int(seed)), 0
    while True:
        pid = os.fork()
        if not pid:
            carry_out(folder)
            os._exit(0)
        time.sleep(chance.uniform(*DELAYS_S))
        if os.waitpid(pid, os.WNOHANG) != (0, 0):
            break
        if kills < 12:
            os.kill(pid, signal.SIGKILL)
            kills += 1
        _pid, status = os.waitpid(pid, 0)
        if status == 0:
            break
    sys.stdout.write(json.dumps({"kills": kills}))


def short_of_memory(folder: str) -> None:
    """Train with little more memory than is taken already; prints the error's words."""
    import resource

    import torch

    from teahouse.errors import AppError

    place = RunFolder(Path(folder))
    asked = place.asked()
    place.put_asked(replace(asked, settings=replace(asked.settings, rows=4096, length=4096)))
    examples_file.write(place.examples(TRAIN), rows(1, 20_000))
    torch.ones(8) @ torch.ones(8)
    taken = next(line for line in Path("/proc/self/status").read_text().splitlines() if "VmData" in line)
    limit = int(taken.split()[1]) * 1024 + (300 << 20)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    try:
        carry_out(folder)
    except AppError as error:
        sys.stdout.write(json.dumps({"kind": type(error).__name__, "text": str(error), "hint": error.hint}))


if __name__ == "__main__":
    {"kill": kill_at_random, "short": short_of_memory}[sys.argv[1]](*sys.argv[2:])
