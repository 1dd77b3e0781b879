from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.gui

HEAVY = ["llama_cpp", "torch", "chromadb", "numpy", "transformers", "jinja2", "huggingface_hub"]

START = """
import json, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from teahouse.app import App
from teahouse_desktop.start import make_application, run

app = App.open()
application = make_application()
seen = {}

def look():
    window = next(w for w in QApplication.topLevelWidgets() if isinstance(w, QMainWindow))
    seen["modules"] = [m for m in sys.modules if m.split(".")[0] in WATCHED]
    seen["title"] = window.windowTitle()
    QApplication.closeAllWindows()

QTimer.singleShot(1500, look)
seen["code"] = run(app)
app.close()
print(json.dumps(seen))
"""


def test_window_starts_without_heavy_modules_and_closes_clean(home: Path, tmp_path: Path) -> None:
    script = tmp_path / "start.py"
    script.write_text(START.replace("WATCHED", repr(HEAVY)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, timeout=90
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen == {"modules": [], "title": "Teahouse", "code": 0}
    assert "Traceback" not in done.stderr


def test_importing_the_package_imports_no_qt() -> None:
    code = "import sys, teahouse_desktop; print([m for m in sys.modules if m.startswith('PySide6')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
