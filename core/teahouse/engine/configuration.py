"""How a model is run: the values a child gets at load, and the ladders of safer and smaller ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from teahouse.engine.processor import default_threads
from teahouse.settings import Settings

__all__ = ["EngineConfig", "default_threads", "from_settings", "ladder", "memory_ladder"]

SAFE_BATCH = 64
LEAST_CONTEXT = 1024
"""No ladder goes below; with less, hardly a question and its answer fit."""


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """Values of one loaded model.

    Attributes:
        context: Tokens kept in view; bounded by what the model was trained on.
        batch: Tokens read in one step; a stop takes effect between two steps.
        gpu_layers: Layers on a graphics card, the output counted as one; -1 for all that fit.
        use_extra_buffers: Repack weights for special instructions of the CPU. Off is the first
            step after a crash: with AMX some builds die here (llama.cpp #20824).
        kv_type: How keys and values are kept: `f16`, `q8_0`, `q4_0`.
        flash_attention: `auto`, `on`, `off`.
        main_device: The only device to use, by llama.cpp's name; empty for all.
        devices: Names of the devices to use, the one with the output last; empty leaves it to llama.cpp.
        split: How many of the layers go to each of `devices`.
        states_bytes: Most memory for states of what was read, beside the context; -1 leaves it to the child.
    """

    context: int = 8192
    batch: int = 256
    threads: int = 0
    gpu_layers: int = -1
    use_extra_buffers: bool = True
    kv_type: str = "f16"
    flash_attention: str = "auto"
    main_device: str = ""
    devices: tuple[str, ...] = ()
    split: tuple[int, ...] = ()
    states_bytes: int = -1

    @property
    def value_type(self) -> str:
        """How values are kept: as the keys, but llama.cpp takes f16 only without flash attention."""
        return "f16" if self.flash_attention == "off" else self.kv_type

    def as_json(self) -> dict[str, Any]:
        """The values as they cross the pipe."""
        return asdict(self)


def from_settings(settings: Settings, model: str = "") -> EngineConfig:
    """The configuration a person has chosen, for this model or for all."""
    return EngineConfig(
        context=settings.get("engine.context", model),
        batch=settings.get("engine.batch", model),
        threads=settings.get("engine.threads", model) or default_threads(),
        gpu_layers=settings.get("engine.gpu_layers", model),
        kv_type=settings.get("engine.kv_type", model),
        flash_attention=settings.get("engine.flash_attention", model),
        main_device=settings.get("engine.main_device", model),
    )


def ladder(config: EngineConfig) -> list[EngineConfig]:
    """Configurations to try one after the other when the engine crashes: the wanted one first.

    No extra CPU buffers → smaller batch → half of the GPU layers → none. The half is left out where the
    number of layers is not known (-1).
    """
    plain = replace(config, use_extra_buffers=False)
    small = replace(plain, batch=min(config.batch, SAFE_BATCH))
    half = replace(small, gpu_layers=config.gpu_layers // 2) if config.gpu_layers > 1 else small
    return _without_repeats([config, plain, small, half, replace(half, gpu_layers=0)])


def memory_ladder(
    config: EngineConfig, *, least_context: int = LEAST_CONTEXT, can_quantize: bool = True
) -> list[EngineConfig]:
    """Configurations to try one after the other when memory is short: the wanted one first.

    Context, halved down to `least_context` → keys and values as q8_0 → smaller batch → half of the GPU
    layers → none. A context that a person has chosen is theirs: the caller passes it as `least_context`,
    and the other steps must do.

    Args:
        can_quantize: Whether the model's keys and values can be kept as q8_0.
    """
    steps = [config]
    while steps[-1].context > least_context:
        steps.append(replace(steps[-1], context=max(steps[-1].context // 2, least_context)))
    # quantized values need flash attention, and where that was turned off there was a reason
    if can_quantize and config.kv_type == "f16" and config.flash_attention != "off":
        steps.append(replace(steps[-1], kv_type="q8_0"))
    steps.append(replace(steps[-1], batch=min(config.batch, SAFE_BATCH)))
    if config.gpu_layers > 1:
        steps.append(replace(steps[-1], gpu_layers=config.gpu_layers // 2))
    return _without_repeats([*steps, replace(steps[-1], gpu_layers=0)])


def _without_repeats(steps: Iterable[EngineConfig]) -> list[EngineConfig]:
    return list(dict.fromkeys(steps))
