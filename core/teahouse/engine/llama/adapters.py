"""LoRA adapters of a loaded model: read once, set and scaled at will."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from typing import Any

import llama_cpp as lib

from teahouse.errors import ModelFileError
from teahouse.language import _

Choice = tuple[str, float]
"""(path, scale)."""


KEPT_AT_MOST = 8
"""Adapters that stay in memory, those that are set not counted."""

File = tuple[str, int, int]
"""(path, size in bytes, time of the last change): another content is another adapter."""


class Adapters:
    """The adapters of one model and context.

    llama.cpp frees an adapter only while it is not set, and before its model: `close` first.
    """

    def __init__(self, model: Any, context: Any) -> None:
        self._model = model
        self._context = context
        self._loaded: dict[File, Any] = {}
        self.files: tuple[tuple[File, float], ...] = ()
        """What is set, in order."""

    @property
    def key(self) -> str:
        """Names what is set; empty for nothing."""
        return repr(self.files) if self.files else ""

    def choose(self, choices: Sequence[Choice]) -> bool:
        """Use exactly these, in order; returns whether anything changed. The whole set holds or none of it.

        One with the scale 0 does nothing and is left out.

        Raises:
            ModelFileError: One cannot be loaded; the former set stays.
        """
        return self.put(tuple((_file(path), float(scale)) for path, scale in choices if scale))

    def put(self, files: tuple[tuple[File, float], ...]) -> bool:
        """The same for files as they were when they were chosen."""
        if files == self.files:
            return False
        handles = [self._load(file) for file, _scale in files]
        count = len(files)
        array = (lib.llama_adapter_lora_p_ctypes * max(1, count))(*handles)
        scales = (ctypes.c_float * max(1, count))(*[scale for _file, scale in files])
        code = lib.llama_set_adapters_lora(self._context, array, count, scales)
        if code != 0:
            raise ModelFileError(_("llama.cpp does not take these adapters (code {code}).").format(code=code))
        self.files = files
        self._forget_oldest()
        return True

    def close(self) -> None:
        """Free every adapter."""
        if self._loaded:
            lib.llama_set_adapters_lora(self._context, None, 0, None)
        for handle in self._loaded.values():
            lib.llama_adapter_lora_free(handle)
        self._loaded.clear()
        self.files = ()

    def _load(self, file: File) -> Any:
        if file in self._loaded:
            return self._loaded.setdefault(file, self._loaded.pop(file))  # used last
        path = file[0]
        handle = lib.llama_adapter_lora_init(self._model, path.encode("utf-8", "surrogateescape"))
        if not handle:  # a NULL pointer object, which is not None
            raise ModelFileError(
                _("{path} is no adapter for this model.").format(path=path),
                _("An adapter fits only the model it was trained on. Nothing was changed."),
                path=path,
            )
        self._loaded[file] = ctypes.cast(handle, lib.llama_adapter_lora_p_ctypes)
        return self._loaded[file]

    def _forget_oldest(self) -> None:
        used = {file for file, _scale in self.files}
        idle = [file for file in self._loaded if file not in used]
        for file in idle[: max(0, len(idle) - KEPT_AT_MOST)]:
            lib.llama_adapter_lora_free(self._loaded.pop(file))


def _file(path: str) -> File:
    """The file as it is now.

    Raises:
        ModelFileError: It is not there.
    """
    try:
        status = os.stat(path)  # noqa: PTH116 — a path with any bytes
    except OSError as error:
        raise ModelFileError(
            _("The adapter {path} cannot be read: {reason}.").format(path=path, reason=error.strerror),
            _("Nothing was changed."),
            path=path,
        ) from error
    return path, status.st_size, status.st_mtime_ns
