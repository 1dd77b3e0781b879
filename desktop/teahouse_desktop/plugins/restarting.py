"""Starting Teahouse again: a child waits until this process has ended, then becomes the new one.

`python -m teahouse_desktop.plugins.restarting` is that child; it knows the end by its pipe.
"""

from __future__ import annotations

import os
import subprocess
import sys


def stand_by() -> subprocess.Popen[bytes]:
    """Start the child; ending it takes the wish back.

    Raises:
        OSError: No process can be started.
    """
    return subprocess.Popen(
        [*_command("teahouse_desktop.plugins.restarting"), str(os.getpid())],
        stdin=subprocess.PIPE,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def main() -> None:
    """Wait for the end of the pipe, then open the window."""
    while os.read(0, 1024):
        pass
    os.execv(sys.executable, _command("teahouse.cli.main"))


def _command(module: str) -> list[str]:
    return [sys.executable, "-P", "-m", module]


if __name__ == "__main__":
    main()
