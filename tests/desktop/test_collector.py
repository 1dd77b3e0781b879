"""Python's cycle collector in the window's process."""

from __future__ import annotations

import subprocess
import sys

ALONE = """
import gc
from teahouse_desktop import collector

collector.pause()
assert not gc.isenabled()
made = [[number] for number in range(1000)]
collector.settle()
assert gc.isenabled()
assert gc.get_threshold() == collector.THRESHOLDS
assert gc.get_freeze_count() > 1000, "what was there is not looked through any more"


class Cycle:
    def __init__(self):
        self.itself = self


import weakref
seen = weakref.ref(Cycle())
assert seen() is not None
for _ in range(collector.THRESHOLDS[0] + 1):
    made.append([])
assert seen() is None, "what is new still is"
"""


def test_what_the_window_is_made_of_is_not_looked_through() -> None:
    """In a process of its own: the numbers are those of the whole process."""
    done = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
