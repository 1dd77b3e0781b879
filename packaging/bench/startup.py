"""How fast the window opens, warm, and what it takes when it rests.

Each start is a process of its own with `teahouse --startup-report`, in a home with conversations. As in
an installed app the modules are compiled already: the first start compiles them into a folder of its own
and is not counted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from teahouse.app import App
from teahouse.paths import default_paths

CONVERSATIONS = 300
TIMEOUT_S = 120


def measure_starts(count: int, say: Callable[[str], None]) -> list[dict[str, Any]]:
    """The reports of so many starts.

    Raises:
        RuntimeError: The window did not open; what was said is in the text.
    """
    with tempfile.TemporaryDirectory(prefix="teahouse-bench-") as folder:
        environ = _environment(Path(folder))
        _fill(environ, CONVERSATIONS)
        start_once(environ)
        reports = []
        for number in range(count):
            say(f"start {number + 1} of {count} …")
            reports.append(start_once(environ))
    return reports


def start_once(environ: dict[str, str]) -> dict[str, Any]:
    """One start; see `teahouse_desktop.startup` for what is in the report."""
    done = subprocess.run(
        [sys.executable, "-m", "teahouse.cli.main", "--startup-report"],
        env=environ,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(f"the window did not open: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _environment(folder: Path) -> dict[str, str]:
    merged = {
        **os.environ,
        "TEAHOUSE_HOME": str(folder / "home"),
        "TEAHOUSE_LANGUAGE": "en",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }
    return {key: value for key, value in merged.items() if key != "PYTHONDONTWRITEBYTECODE"}


def _fill(environ: dict[str, str], count: int) -> None:
    app = App.open(default_paths(environ), is_safe_mode=True)
    try:
        for number in range(count):
            conversation = app.store.create_conversation()
            app.store.change_conversation(conversation.id, title=f"Conversation {number}")
            app.store.add_turn(conversation.id, f"Question {number}")
    finally:
        app.close()
