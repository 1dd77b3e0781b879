"""How a child process is started; the only place that knows about frozen builds."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from teahouse.language import active


def command(entry: str) -> list[str]:
    """The command line that runs `module:function` as a child."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker", entry]
    return [sys.executable, "-m", "teahouse.workers.child", entry]


def environment(base: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a child.

    GNU OpenMP threads spin while they wait; on a busy machine that costs nine tenths of the speed,
    so they spin briefly and then sleep. Hubs are told to stay silent.
    """
    return {
        **base,
        "GOMP_SPINCOUNT": base.get("GOMP_SPINCOUNT", "1000"),
        "TEAHOUSE_LANGUAGE": active(),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
