"""From a configuration to a native model and context, and from llama.cpp's complaints to errors in words."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from typing import Any

import llama_cpp as lib

from teahouse.engine import shortage
from teahouse.engine.configuration import EngineConfig
from teahouse.engine.llama.build import (
    complaints,
    device_handles,
    forget_complaints,
    has_gpu_offload,
    last_complaint,
)
from teahouse.errors import AppError, EngineError, ModelFileError, OutOfMemory
from teahouse.language import _

ALL_LAYERS = 999
CACHE_TYPES = {"f16": lib.GGML_TYPE_F16, "q8_0": lib.GGML_TYPE_Q8_0, "q4_0": lib.GGML_TYPE_Q4_0}
FLASH_ATTENTION = {
    "auto": lib.LLAMA_FLASH_ATTN_TYPE_AUTO,
    "on": lib.LLAMA_FLASH_ATTN_TYPE_ENABLED,
    "off": lib.LLAMA_FLASH_ATTN_TYPE_DISABLED,
}
ARCHITECTURE = re.compile(r"un(?:known|supported) model architecture: '([^']*)'")


def load_model(
    path: str,
    config: EngineConfig,
    *,
    on_progress: Callable[[float], bool],
    is_vocabulary: bool = False,
) -> Any:
    """A native model.

    Args:
        on_progress: Called with 0 … 1; returning False ends the load.
        is_vocabulary: Load no weights: only texts can be turned into tokens and back.

    Raises:
        EngineError: `on_progress` has ended the load.
        ModelFileError: llama.cpp does not know its architecture or cannot read the file.
        OutOfMemory: Its weights do not fit.
    """
    values = lib.llama_model_default_params()
    held = _place(values, config)
    values.use_extra_bufts = config.use_extra_buffers
    values.vocab_only = is_vocabulary
    was_ended = []

    def report(fraction: float, _data: Any) -> bool:
        goes_on = on_progress(fraction)
        if not goes_on:
            was_ended.append(True)
        return goes_on

    values.progress_callback = held["report"] = lib.llama_progress_callback(report)
    forget_complaints()
    model = lib.llama_model_load_from_file(path.encode("utf-8", "surrogateescape"), values)
    if model:
        return model
    if was_ended:
        raise EngineError(_("Loading was stopped."))
    raise load_failure(path, complaints())


def make_context(model: Any, config: EngineConfig, *, abort_callback: Any) -> tuple[Any, int]:
    """A native context, and how many tokens it reads in one step.

    Raises:
        OutOfMemory: It does not fit.
        EngineError: llama.cpp refuses it for another reason, which is told.
    """
    values = lib.llama_context_default_params()
    trained = lib.llama_model_n_ctx_train(model)
    values.n_ctx = min(config.context, trained) if trained > 0 else config.context
    values.n_batch = values.n_ubatch = min(config.batch, values.n_ctx)
    values.n_threads = values.n_threads_batch = config.threads
    values.type_k, values.type_v = CACHE_TYPES[config.kv_type], CACHE_TYPES[config.value_type]
    values.flash_attn_type = FLASH_ATTENTION[flash_attention(config)]
    values.abort_callback = abort_callback
    forget_complaints()
    context = lib.llama_init_from_model(model, values)
    if context:
        return context, int(values.n_batch)
    raise context_failure(values.n_ctx, complaints())


def flash_attention(config: EngineConfig) -> str:
    """What llama.cpp is told: quantized values need it on, and “auto” might find it cannot be had."""
    needs_it = config.value_type != "f16" and config.flash_attention == "auto"
    return "on" if needs_it else config.flash_attention


def load_failure(path: str, said: list[str]) -> AppError:
    """Why a file could not be loaded, from the errors llama.cpp has logged."""
    text = "\n".join(said)
    if shortage.is_told(text):
        return OutOfMemory(
            _("There is not enough memory for the weights of {path}.").format(path=path),
            _("Close other programs, or choose a smaller model."),
            path=path,
        )
    found = ARCHITECTURE.search(text)
    if found:
        return ModelFileError(
            _("{path} is of the architecture “{name}”, which this build of llama.cpp does not know.").format(
                path=path, name=found[1]
            ),
            _("Choose another model, or update the app."),
            path=path,
            architecture=found[1],
        )
    reasons = [line.partition("error loading model: ")[2] for line in said]
    reason = next(filter(None, reasons), "") or last_complaint()
    return ModelFileError(
        _("{path} cannot be loaded: {reason}.").format(path=path, reason=reason.rstrip(".")),
        _("The file may be damaged or of a kind this version does not know."),
        path=path,
    )


def context_failure(tokens: int, said: list[str]) -> EngineError:
    """Why a context could not be made, from the errors llama.cpp has logged."""
    if shortage.is_told("\n".join(said)):
        return OutOfMemory(
            _("There is not enough memory for a context of {tokens} tokens.").format(tokens=tokens),
            _("Close other programs, or choose a smaller context or a smaller model."),
            context=tokens,
        )
    return EngineError(
        _("A context of {tokens} tokens cannot be made: {reason}.").format(
            tokens=tokens, reason=last_complaint()
        ),
        _("Set engine.kv_type and engine.flash_attention back to their defaults for this model."),
        context=tokens,
    )


def _place(values: Any, config: EngineConfig) -> dict[str, Any]:
    """Fill in which layers go where; returns what must be held until the model is loaded."""
    if not has_gpu_offload():
        values.n_gpu_layers = 0
        return {}
    values.n_gpu_layers = ALL_LAYERS if config.gpu_layers < 0 else config.gpu_layers
    handles = device_handles()
    names = config.devices or ((config.main_device,) if config.main_device in handles else ())
    chosen = [handles[name] for name in names if name in handles]
    if not chosen or config.gpu_layers == 0:
        return {}
    devices = (ctypes.c_void_p * (len(chosen) + 1))(*(handle.value for handle in chosen), None)
    values.devices = ctypes.cast(devices, ctypes.c_void_p)
    values.main_gpu = 0
    values.split_mode = lib.LLAMA_SPLIT_MODE_NONE if len(chosen) == 1 else lib.LLAMA_SPLIT_MODE_LAYER
    if len(chosen) == 1 or len(config.split) != len(chosen):
        return {"devices": devices}
    split = (ctypes.c_float * lib.llama_max_devices())(*config.split)
    values.tensor_split = split
    return {"devices": devices, "split": split}
