"""Starting again: the child waits for the end of its parent, and only then becomes the new Teahouse."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

CODE = """
import sys
from teahouse_desktop.plugins import restarting
restarting._command = lambda module: [sys.executable, "-c", "open(r'{file}', 'w').write('{{}}'.format(1))"]
restarting.main()
"""


def test_it_waits_for_the_end_and_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "begun"
    child = subprocess.Popen(
        [sys.executable, "-c", CODE.format(file=file)], stdin=subprocess.PIPE, env=dict(os.environ)
    )
    time.sleep(0.5)
    assert child.poll() is None
    assert not file.exists()
    assert child.stdin is not None
    child.stdin.close()  # what the end of the parent does
    assert child.wait(20) == 0
    assert file.read_text("utf-8") == "1"
