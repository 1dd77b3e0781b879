"""How much of the processor a model's child takes: threads and priority."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

NICE = 5
"""Enough for the window to go first, too little to starve the model beside other programs."""
BELOW_NORMAL = 0x4000
"""Windows: BELOW_NORMAL_PRIORITY_CLASS."""
SYSTEM = Path("/sys")


def default_threads(system: Path = SYSTEM) -> int:
    """One thread for each physical core that this process may use.

    More threads than cores make every step wait: the threads meet after each operation, so the slowest
    one sets the pace. For that reason

    - the second thread of a core (SMT) is not counted: it shares the units that compute;
    - of a hybrid processor only the fast cores are counted, where Linux tells them apart;
    - a share of a processor that a container was given (cgroup) bounds the number;
    - cores that `taskset` or the like took away are not counted.

    How busy the machine is at this moment is not asked: it changes by the second, and with a short spin
    (`GOMP_SPINCOUNT`) a thread that waits for a core costs its share and no more.

    Args:
        system: Where the kernel's facts lie; another folder in tests.
    """
    usable = _usable_cores()
    fast = usable & _cores(system / "devices/cpu_core/cpus")
    count = len(fast or usable)
    if _has_siblings(system):
        count //= 2
    return max(1, min(count, _quota(system) or count))


def lower_priority() -> None:
    """Let the window go first from now on; a system that refuses changes nothing.

    On Linux this holds for the calling thread and those it starts later: call it before the first
    computation. The thread that reads the pipe, started before, stays as quick as the window.
    """
    with contextlib.suppress(OSError, AttributeError):
        if sys.platform == "win32":
            import ctypes

            kernel = ctypes.windll.kernel32
            kernel.SetPriorityClass(kernel.GetCurrentProcess(), BELOW_NORMAL)
        else:
            os.nice(NICE)


def _usable_cores() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return set(os.sched_getaffinity(0))
    return set(range(os.cpu_count() or 1))


def _has_siblings(system: Path) -> bool:
    return _text(system / "devices/system/cpu/smt/active") == "1"


def _cores(file: Path) -> set[int]:
    """Numbers of cores from a list such as `0-7,16`."""
    found: set[int] = set()
    for part in filter(None, _text(file).split(",")):
        first, _dash, last = part.partition("-")
        if first.isdigit() and (last or first).isdigit():
            found |= set(range(int(first), int(last or first) + 1))
    return found


def _quota(system: Path) -> int:
    """Whole processors' worth of time that this control group may take, at least 1; 0 for no bound."""
    parts = _text(system / "fs/cgroup/cpu.max").split()
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or int(parts[1]) == 0:
        return 0
    return max(1, -(-int(parts[0]) // int(parts[1])))


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
