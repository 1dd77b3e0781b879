"""Pictures of the real window: a private X server, a fresh home with the real model, then
`teahouse_desktop.screenshots`, which asks the model and saves every page, theme and language.

Run by `make screenshots` in `.venv`: `python packaging/screenshots.py [FOLDER]` (docs/screenshots).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.journeys.screen import screen  # noqa: E402


def main(arguments: list[str]) -> int:
    """Draw all pictures into the folder; returns the exit code."""
    folder, *options = arguments or [str(ROOT / "docs" / "screenshots")]
    command = [sys.executable, "-m", "teahouse_desktop.screenshots", folder, *options]
    with tempfile.TemporaryDirectory(prefix="teahouse-pictures-") as home, screen() as shown:
        furnish(Path(home), Path(os.environ["TEAHOUSE_TEST_MODEL"]))
        environ = {**shown.environment, "TEAHOUSE_HOME": home, "TEAHOUSE_LANGUAGE": "en"}
        return subprocess.call(command, env=environ)


def furnish(home: Path, model: Path) -> None:
    """Put the model into a home that has nothing else."""
    models = home / "data" / "models"
    models.mkdir(parents=True)
    (models / model.name).symlink_to(model)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
