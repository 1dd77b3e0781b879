"""The process ends once its work is done, whatever a plugin has left running in it."""

from __future__ import annotations

import logging
import os
import threading
import time
import traceback
from types import CodeType

from teahouse.stacks import frames

log = logging.getLogger(__name__)

WITHIN_S = 5.0
NAME = "end of the process"


def end_in_time(code: int, *, within_s: float = WITHIN_S) -> None:
    """Let nothing keep the process alive for longer, once its program has ended.

    Python waits for each thread and for what was left for its end, and a window that is closed but whose
    process lives keeps the next one from opening. All that has to be kept is on the disk by now.

    Args:
        code: What the process ends with then.
    """
    if any(thread.name == NAME for thread in threading.enumerate()):
        return
    program = _outermost()

    def end() -> None:
        time.sleep(within_s)
        if _outermost() is not program:  # it has ended: the interpreter is waiting for something else
            log.info("the process did not end by itself:\n%s", _stacks())
            os._exit(code)

    threading.Thread(target=end, name=NAME, daemon=True).start()


def _outermost() -> CodeType | None:
    """The code that the main thread's other calls are made from; of an ending interpreter it is another."""
    frame = frames().get(threading.main_thread().ident or 0)
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code if frame is not None else None


def _stacks() -> str:
    found = frames()
    alive = [(one.name, found.get(one.ident or 0)) for one in threading.enumerate() if not one.daemon]
    parts = [f"{name}:\n{''.join(traceback.format_stack(frame))}" for name, frame in alive if frame]
    return "\n".join(parts)
