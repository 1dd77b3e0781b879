"""How a child process is started; the only place that knows about frozen builds."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from teahouse.language import active

KEPT = (
    *(
        "PATH",
        "LANG",
        "LC_",
        "LANGUAGE",
        "TZ",
        "TMP",
        "TEMP",
        "SYSTEMROOT",
        "WINDIR",
        "PYTHON",
        "VIRTUAL_ENV",
    ),
    *(
        "TEAHOUSE_",
        "LD_LIBRARY_PATH",
        "DYLD_",
        "OMP_",
        "GOMP_",
        "KMP_",
        "GGML_",
        "LLAMA_",
        "OPENBLAS_",
        "MKL_",
    ),
    *("OPENBLAS_", "MKL_", "CUDA_", "NVIDIA_", "HIP_", "ROCR_", "HSA_", "VK_", "ONEAPI_", "SYCL_", "ZE_"),
)
"""Beginnings of the variables that a confined child may see."""


def command(entry: str) -> list[str]:
    """The command line that runs `module:function` as a child."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", entry]
    return [sys.executable, "-m", "teahouse.workers.child", entry]


def environment(base: Mapping[str, str] = os.environ, *, is_confined: bool = False) -> dict[str, str]:
    """The environment of a child.

    Args:
        is_confined: Without what a computing child has no use for: people keep secrets in theirs.

    GNU OpenMP threads spin while they wait; on a busy machine that costs nine tenths of the speed,
    so they spin briefly and then sleep. Hubs are told to stay silent.
    """
    kept = {name: value for name, value in base.items() if not is_confined or name.startswith(KEPT)}
    return {
        **kept,
        "GOMP_SPINCOUNT": base.get("GOMP_SPINCOUNT", "1000"),
        "TEAHOUSE_LANGUAGE": active(),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
