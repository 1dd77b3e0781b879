"""Brings the catalogues up to date: `python -m teahouse_desktop.translations.linguist`.

After a visible text has changed: run it, fill in what is new in the .ts file, and run it again. A
test fails until that is done.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import resources
from pathlib import Path

LANGUAGE = "zh_CN"


def folder() -> Path:
    """Where the catalogues lie."""
    return Path(str(resources.files("teahouse_desktop"))) / "translations"


def update(ts: Path) -> None:
    """Bring a .ts file up to date with the texts of the source."""
    sources = sorted(path for path in folder().parent.rglob("*.py"))
    _run("pyside6-lupdate", *map(str, sources), "-ts", str(ts), "-no-obsolete", "-locations", "none")


def release(ts: Path, qm: Path) -> None:
    """Compile a .ts file."""
    _run("pyside6-lrelease", str(ts), "-qm", str(qm))


def main() -> None:
    """Take in new texts, compile what is translated."""
    ts = folder() / f"{LANGUAGE}.ts"
    update(ts)
    release(ts, ts.with_suffix(".qm"))


def _run(tool: str, *arguments: str) -> None:
    beside = Path(sys.executable).parent / tool
    program = str(beside) if beside.exists() else shutil.which(tool) or tool
    subprocess.run([program, *arguments], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
