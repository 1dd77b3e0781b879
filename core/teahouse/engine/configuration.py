"""How a model is run: the values a child gets at load, and the ladder of safer ones after a crash."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from teahouse.settings import Settings


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Values of one loaded model.

    Attributes:
        context: Tokens kept in view; bounded by what the model was trained on.
        batch: Tokens read in one step; a stop takes effect between two steps.
        gpu_layers: Layers on a graphics card, -1 for all.
        use_extra_buffers: Repack weights for special instructions of the CPU. Off is the first
            step after a crash: with AMX some builds die here (llama.cpp #20824).
    """

    context: int = 8192
    batch: int = 256
    threads: int = 0
    gpu_layers: int = -1
    use_extra_buffers: bool = True

    def as_json(self) -> dict[str, Any]:
        """The values as they cross the pipe."""
        return asdict(self)


def from_settings(settings: Settings) -> EngineConfig:
    """The configuration a person has chosen."""
    return EngineConfig(
        context=settings.get("engine.context"),
        threads=settings.get("engine.threads") or default_threads(),
        gpu_layers=settings.get("engine.gpu_layers"),
    )


def ladder(config: EngineConfig) -> list[EngineConfig]:
    """Configurations to try one after the other when the engine crashes: the wanted one first."""
    plain = replace(config, use_extra_buffers=False)
    small = replace(plain, batch=min(config.batch, 64))
    cpu = replace(small, gpu_layers=0)
    steps = [config, plain, small, cpu]
    return [step for number, step in enumerate(steps) if step not in steps[:number]]


def default_threads() -> int:
    """One thread for each physical core this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        has_siblings = Path("/sys/devices/system/cpu/smt/active").read_text("ascii").strip() == "1"
    except OSError:
        has_siblings = False
    return max(1, usable // 2 if has_siblings else usable)
