"""The frames of all threads, while other threads begin and end and garbage is made."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading

from teahouse import stacks

BUSY = """
import faulthandler, gc, threading, time
from teahouse import stacks

faulthandler.dump_traceback_later(30, exit=True)
is_over = False


class Cycle:
    def __init__(self):
        self.itself = self

    def __del__(self):
        time.sleep(0)  # other threads run meanwhile


def begin_and_end():
    while not is_over:
        brief = threading.Thread(target=int)
        brief.start()
        brief.join()


def rest(depth):
    if depth:
        return rest(depth - 1)
    while not is_over:
        time.sleep(0.001)


others = [threading.Thread(target=begin_and_end, daemon=True) for _ in range(2)]
others += [threading.Thread(target=rest, args=(50,), daemon=True) for _ in range(4)]
for other in others:
    other.start()
gc.set_threshold(5)
for _ in range(400):
    Cycle()
    assert len(stacks.frames()) >= 5
is_over = True
for other in others:
    other.join()
print("looked")
"""


def test_nobody_stands_still_when_garbage_is_found_meanwhile() -> None:
    """In a process of its own: the fault that this guards against ends only with the process."""
    done = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=90)
    assert (done.returncode, done.stdout, done.stderr) == (0, "looked\n", "")


def test_the_caller_is_among_them_and_garbage_is_looked_for_as_before() -> None:
    was_on = gc.isenabled()
    try:
        for set_so in (gc.disable, gc.enable):
            set_so()
            before = gc.isenabled()
            frame = stacks.frames()[threading.get_ident()]
            assert frame.f_code.co_name == "test_the_caller_is_among_them_and_garbage_is_looked_for_as_before"
            assert gc.isenabled() is before
    finally:
        (gc.enable if was_on else gc.disable)()
