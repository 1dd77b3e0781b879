"""Pictures of the real window: a private X server and, for each set of pictures, a fresh home: with the
real model, with the echo back end that fails on purpose, with nothing. `teahouse_desktop.screenshots` then
goes through every page, state, theme and language, and one page shows them all.

Run by `make screenshots` in `.venv`: `python packaging/screenshots.py [FOLDER]` (docs/screenshots).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.screen import Screen, screen  # noqa: E402

SETS = ("pages", "states", "bare")


def main(arguments: list[str]) -> int:
    """Draw all pictures into the folder; returns the exit code."""
    folder, *options = arguments or [str(ROOT / "docs" / "screenshots")]
    with screen() as shown:
        code = max(draw(shown, name, [folder, *options]) for name in SETS if is_wanted(name, options))
    if code == 0 and not options:
        write_page(Path(folder))
    return code


def is_wanted(name: str, options: list[str]) -> bool:
    """Whether a set is to be drawn: `--set NAME` draws one, else all."""
    return "--set" not in options or options[options.index("--set") + 1] == name


def draw(shown: Screen, name: str, options: list[str]) -> int:
    """Draw one set in a home of its own; returns the exit code."""
    command = [sys.executable, "-m", "teahouse_desktop.screenshots", *options]
    with tempfile.TemporaryDirectory(prefix="teahouse-pictures-") as home:
        environ = {**shown.environment, "TEAHOUSE_HOME": home, "TEAHOUSE_LANGUAGE": "en"}
        if name == "pages":
            furnish(Path(home), Path(os.environ["TEAHOUSE_TEST_MODEL"]))
        elif name == "states":
            environ["TEAHOUSE_DEV"] = "1"
        return subprocess.call([*command, *([] if "--set" in options else ["--set", name])], env=environ)


def furnish(home: Path, model: Path) -> None:
    """Put the model into a home that has nothing else."""
    models = home / "data" / "models"
    models.mkdir(parents=True)
    shutil.copy(model, models)  # no link: the page of models would show where this machine keeps it


def write_page(folder: Path) -> None:
    """Write the page with all pictures beside their folder."""
    from teahouse_desktop.screenshots.gallery import write_gallery
    from teahouse_desktop.screenshots.taking import SETS as PLACES

    names = [name for group in PLACES.values() for name in group]
    write_gallery(folder, folder.parent / f"{folder.name}.md", names=names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
