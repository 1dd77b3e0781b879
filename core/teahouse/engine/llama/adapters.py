"""LoRA adapters of a loaded model: read once, set and scaled at will."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from typing import Any

import llama_cpp as lib

from teahouse.errors import ModelFileError
from teahouse.language import _

Choice = tuple[str, float]
"""(path, scale)."""


class Adapters:
    """The adapters of one model and context.

    llama.cpp frees an adapter only while it is not set, and before its model: `close` first.
    """

    def __init__(self, model: Any, context: Any) -> None:
        self._model = model
        self._context = context
        self._loaded: dict[str, Any] = {}
        self.chosen: tuple[Choice, ...] = ()

    def choose(self, choices: Sequence[Choice]) -> bool:
        """Use exactly these, in order; returns whether anything changed. The whole set holds or none of it.

        Raises:
            ModelFileError: One cannot be loaded; the former set stays.
        """
        wanted = tuple((path, float(scale)) for path, scale in choices)
        if wanted == self.chosen:
            return False
        handles = [self._load(path) for path, _scale in wanted]
        count = len(wanted)
        array = (lib.llama_adapter_lora_p_ctypes * max(1, count))(*handles)
        scales = (ctypes.c_float * max(1, count))(*[scale for _path, scale in wanted])
        code = lib.llama_set_adapters_lora(self._context, array, count, scales)
        if code != 0:
            raise ModelFileError(_("llama.cpp does not take these adapters (code {code}).").format(code=code))
        self.chosen = wanted
        return True

    def close(self) -> None:
        """Free every adapter."""
        if self._loaded:
            lib.llama_set_adapters_lora(self._context, None, 0, None)
        for handle in self._loaded.values():
            lib.llama_adapter_lora_free(handle)
        self._loaded.clear()
        self.chosen = ()

    def _load(self, path: str) -> Any:
        if path not in self._loaded:
            handle = lib.llama_adapter_lora_init(self._model, path.encode("utf-8", "surrogateescape"))
            if not handle:  # a NULL pointer object, which is not None
                raise ModelFileError(
                    _("{path} is no adapter for this model.").format(path=path),
                    _("An adapter fits only the model it was trained on. Nothing was changed."),
                    path=path,
                )
            self._loaded[path] = ctypes.cast(handle, lib.llama_adapter_lora_p_ctypes)
        return self._loaded[path]
