"""This build of llama.cpp: what it can use, and what it complains about."""

from __future__ import annotations

import contextlib
import ctypes
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import llama_cpp as lib
from llama_cpp._ctypes_extensions import load_shared_library

from teahouse.language import _

log = logging.getLogger(__name__)

ERROR = 4
"""GGML_LOG_LEVEL_ERROR; a higher number goes on with the line before."""
KINDS = {0: "cpu", 1: "gpu", 2: "igpu", 3: "accel"}
"""`enum ggml_backend_dev_type`; a kind that came later counts as one that holds no layers."""


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


def device_handles() -> dict[str, ctypes.c_void_p]:
    """Name of each device that llama.cpp sees → its native handle."""
    registry = _Registry()
    return {registry.text("ggml_backend_dev_name", handle): handle for handle in registry.handles()}


def _devices() -> Iterator[dict[str, Any]]:
    registry = _Registry()
    for handle in registry.handles():
        free, total = ctypes.c_size_t(), ctypes.c_size_t()
        registry.function("ggml_backend_dev_memory")(handle, ctypes.byref(free), ctypes.byref(total))
        kind = registry.function("ggml_backend_dev_type", ctypes.c_int)(handle)
        yield {
            "name": registry.text("ggml_backend_dev_name", handle),
            "description": registry.text("ggml_backend_dev_description", handle),
            "kind": KINDS.get(kind, "accel"),
            "free_bytes": free.value,
            "total_bytes": total.value,
        }


class _Registry:
    """ggml's list of devices, which llama-cpp-python does not bind.

    Linux and macOS find its functions through libllama; Windows only in the library that defines them.
    """

    def __init__(self) -> None:
        self._libraries = [lib.llama_cpp._lib]
        folder = Path(lib.__file__).parent / "lib"
        for name in ("ggml", "ggml-base"):
            with contextlib.suppress(OSError, RuntimeError):  # a build may have everything in one library
                self._libraries.append(load_shared_library(name, folder))

    def handles(self) -> list[ctypes.c_void_p]:
        """Every device; none where the list cannot be reached."""
        if not any(hasattr(library, "ggml_backend_dev_count") for library in self._libraries):
            return []
        count = self.function("ggml_backend_dev_count", ctypes.c_size_t)()
        get = self.function("ggml_backend_dev_get", ctypes.c_void_p)
        return [ctypes.c_void_p(get(ctypes.c_size_t(number))) for number in range(count)]

    def text(self, name: str, handle: ctypes.c_void_p) -> str:
        """What a function that gives a text says of a device."""
        said: bytes = self.function(name, ctypes.c_char_p)(handle) or b""
        return said.decode("utf-8", "replace")

    def function(self, name: str, result: Any = None) -> Any:
        """One of ggml's functions, which returns a `result`."""
        function = getattr(next(library for library in self._libraries if hasattr(library, name)), name)
        function.restype = result
        return function


_complaints: list[str] = []


def hear(level: int, text: bytes, _data: Any) -> None:
    """Take llama.cpp's log lines; its errors are kept for `last_complaint`."""
    line = text.decode("utf-8", "replace").strip()
    if level == ERROR and line:
        _complaints[:] = [*_complaints[-4:], line]
        log.info("llama.cpp: %s", line)


def complaints() -> list[str]:
    """llama.cpp's last errors, the latest at the end."""
    return list(_complaints)


def forget_complaints() -> None:
    """Begin anew, so that an old error is not taken for the reason of the next failure."""
    _complaints.clear()


def last_complaint() -> str:
    """What llama.cpp said when it last failed."""
    return _complaints[-1].rstrip(".") if _complaints else _("llama.cpp gave no reason")
