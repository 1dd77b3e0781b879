"""The most memory a process holds. Used by the peers' Python too: only the standard library here."""

from __future__ import annotations

import ctypes
from pathlib import Path


def forget_peak() -> None:
    """Count the most memory anew from here, once what is free has gone back to the system (Linux)."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """The most memory held at once since `forget_peak`."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
