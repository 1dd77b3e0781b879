"""Where a run is: what is trained, the optimiser's state and the random numbers, as one safetensors file.

safetensors and JSON only: a pickle would run whatever somebody has put into it (CVE-2025-32434).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from teahouse.models.disk import sync_file

WEIGHT, MEAN, SQUARE, RANDOM, RANDOM_ON_GPU = "weight.", "mean.", "square.", "random", "random-cuda"
BEST = "best.safetensors"
KEPT = 2
"""How many of the latest stay: the one before is whole if the machine dies while one is written."""


def save(
    folder: Path,
    step: int,
    trained: dict[str, nn.Parameter],
    optimiser: torch.optim.AdamW,
    facts: dict[str, Any],
) -> Path:
    """Write `step-N.safetensors`, whole or not at all, and drop old ones.

    Args:
        facts: JSON that `load` gives back.
    """
    tensors: dict[str, Tensor] = {RANDOM: torch.get_rng_state()}
    if torch.cuda.is_available():
        tensors[RANDOM_ON_GPU] = torch.cuda.get_rng_state()
    steps: dict[str, float] = {}
    for name, parameter in trained.items():
        tensors[WEIGHT + name] = parameter.detach().contiguous()
        state = optimiser.state.get(parameter, {})
        if state:
            steps[name] = float(state["step"])
            tensors[MEAN + name], tensors[SQUARE + name] = state["exp_avg"], state["exp_avg_sq"]
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"step-{step:08}.safetensors"
    _put(path, tensors, {"step": str(step), "facts": json.dumps(facts), "steps": json.dumps(steps)})
    for old in kept(folder)[:-KEPT]:
        old.unlink()
    return path


def save_best(folder: Path, trained: dict[str, nn.Parameter]) -> None:
    """Write the weights of the best look so far in the place of those before."""
    folder.mkdir(parents=True, exist_ok=True)
    _put(folder / BEST, {name: parameter.detach().contiguous() for name, parameter in trained.items()}, {})


def load_best(folder: Path, trained: dict[str, nn.Parameter]) -> None:
    """Go back to the weights that `save_best` wrote."""
    with safe_open(folder / BEST, "pt") as file, torch.no_grad():
        for name, parameter in trained.items():
            parameter.copy_(file.get_tensor(name))


def _put(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    part = path.with_suffix(".part")
    save_file(tensors, part, metadata=metadata)
    sync_file(part)
    part.replace(path)


def kept(folder: Path) -> list[Path]:
    """The checkpoints of a folder, the oldest first."""
    return sorted(folder.glob("step-*.safetensors"))


def load(
    path: Path, trained: dict[str, nn.Parameter], optimiser: torch.optim.AdamW
) -> tuple[int, dict[str, Any]]:
    """Go back to a checkpoint; returns its step and facts.

    Raises:
        ValueError: It is of another run: what is trained has other names or shapes.
    """
    with safe_open(path, "pt") as file:
        told = file.metadata()
        names = {name.removeprefix(WEIGHT) for name in file.keys() if name.startswith(WEIGHT)}  # noqa: SIM118
        if names != trained.keys():
            raise ValueError(f"{path} is of another run")
        steps = json.loads(told["steps"])
        with torch.no_grad():
            for name, parameter in trained.items():
                parameter.copy_(file.get_tensor(WEIGHT + name))
                if name in steps:
                    optimiser.state[parameter] = {
                        "step": torch.tensor(steps[name]),
                        "exp_avg": file.get_tensor(MEAN + name).to(parameter.device),
                        "exp_avg_sq": file.get_tensor(SQUARE + name).to(parameter.device),
                    }
        torch.set_rng_state(file.get_tensor(RANDOM))
        if torch.cuda.is_available() and RANDOM_ON_GPU in file.keys():  # noqa: SIM118
            torch.cuda.set_rng_state(file.get_tensor(RANDOM_ON_GPU))
    return int(told["step"]), json.loads(told["facts"])
