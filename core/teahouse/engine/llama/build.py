"""This build of llama.cpp: what it can use, and what it complains about."""

from __future__ import annotations

import ctypes
import logging
from collections.abc import Iterator
from typing import Any

import llama_cpp as lib

from teahouse.language import _

log = logging.getLogger(__name__)


def has_gpu_offload() -> bool:
    """Whether this build can place layers on a graphics card."""
    return bool(lib.llama_supports_gpu_offload())


def build_facts() -> dict[str, Any]:
    """This build of llama.cpp and the devices it sees."""
    return {
        "backend": "llama.cpp",
        "version": lib.__version__,
        "gpu_offload": has_gpu_offload(),
        "system": lib.llama_print_system_info().decode("utf-8", "replace").strip(),
        "devices": list(_devices()),
    }


def _devices() -> Iterator[dict[str, Any]]:
    ggml = lib.llama_cpp._lib
    if not hasattr(ggml, "ggml_backend_dev_count"):  # Windows: not reachable through this library
        return
    ggml.ggml_backend_dev_count.restype = ctypes.c_size_t
    ggml.ggml_backend_dev_get.restype = ctypes.c_void_p
    for name in ("ggml_backend_dev_name", "ggml_backend_dev_description"):
        getattr(ggml, name).restype = ctypes.c_char_p
    for number in range(ggml.ggml_backend_dev_count()):
        device = ctypes.c_void_p(ggml.ggml_backend_dev_get(ctypes.c_size_t(number)))
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        ggml.ggml_backend_dev_memory(device, ctypes.byref(free), ctypes.byref(total))
        yield {
            "name": ggml.ggml_backend_dev_name(device).decode("utf-8", "replace"),
            "description": ggml.ggml_backend_dev_description(device).decode("utf-8", "replace"),
            "free_bytes": free.value,
            "total_bytes": total.value,
        }


_complaints: list[str] = []


def hear(level: int, text: bytes, _data: Any) -> None:
    """Take llama.cpp's log lines; its errors are kept for `last_complaint`."""
    line = text.decode("utf-8", "replace").strip()
    if level >= 4 and line:  # GGML_LOG_LEVEL_ERROR
        _complaints[:] = [*_complaints[-4:], line]
        log.info("llama.cpp: %s", line)


def last_complaint() -> str:
    """What llama.cpp said when it last failed."""
    return _complaints[-1].rstrip(".") if _complaints else _("llama.cpp gave no reason")
