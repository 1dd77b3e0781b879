"""What the process of one file gives up before it opens it: everything but this file,
and what it could do to other processes.

Time and memory are bounded by the kernel too, so that a loader stuck in native code ends.
"""

from __future__ import annotations

import os
from pathlib import Path

from teahouse.workers import sandbox
from teahouse_documents.loaders import system_calls
from teahouse_documents.loaders.limits import Limits

CPU_MORE_S = 30
"""What the kernel allows beyond the parser child's own clock, which judges first."""


def confine(path: Path, limits: Limits, *, may_start: bool = False) -> dict[str, bool]:
    """Give up rights for good; returns what holds, by name (Linux).

    Args:
        may_start: The loader needs another program: the one that recognises scanned pages.
    """
    os.setpgid(0, 0)  # so that what a loader starts ends with it
    held = sandbox.restrict(has_network=False, readable=[path], has_devices=False)
    bounds = _set_bounds(limits)
    return {**held, "bounds": bounds, "calls": system_calls.refuse_calls(may_start=may_start)}


def close_all_but(kept: int) -> None:
    """Close every file that this process has inherited except its errors and `kept`."""
    os.closerange(3, kept)
    os.closerange(kept + 1, 4096)


def _set_bounds(limits: Limits) -> bool:
    import resource

    seconds = int(limits.total_s) + CPU_MORE_S
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    return True
