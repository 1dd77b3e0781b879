"""What each thread is doing at this moment."""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Mapping
from types import FrameType


def frames() -> Mapping[int, FrameType]:
    """The innermost frame of each thread, by the thread's id; of this one that of the caller.

    CPython before 3.11.9 holds the lock of its list of threads meanwhile. A look for cycles of garbage in
    there lets other threads run; one that begins or ends then waits for that lock and gives the interpreter
    back to nobody: everything stands still for ever (python/cpython#106883). So there is no look meanwhile.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        found = sys._current_frames()
    finally:
        if was_on:
            gc.enable()
    return {**found, threading.get_ident(): sys._getframe(1)}
