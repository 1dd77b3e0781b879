"""Running Python without root's right to read everything, so that permissions can be tested as root too.

Giving up the user id would do as well, but then Python itself may lie where nobody else can read.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2


def confined(*arguments: str) -> list[str]:
    """The command that runs Python with these arguments and no rights but its user's."""
    return [sys.executable, "-m", "tests.core.confined", *arguments]


def give_up_override() -> None:
    """Give up, from the next `exec` on, what lets root pass over permissions.

    Raises:
        OSError: The kernel refuses.
    """
    library = ctypes.CDLL(None, use_errno=True)
    for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        if library.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


if __name__ == "__main__":
    if sys.platform == "linux" and os.geteuid() == 0:
        give_up_override()
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
