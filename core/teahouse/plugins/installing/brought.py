"""Which libraries were installed only because a plugin needs them, so that they can go with it."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from teahouse.paths import Paths
from teahouse.plugins.installed import normal

log = logging.getLogger(__name__)


def brought_by(paths: Paths, package: str) -> list[str]:
    """Names of the libraries that were installed with a package."""
    return _read(_file(paths)).get(normal(package), [])


def note_brought(paths: Paths, package: str, libraries: Sequence[str]) -> None:
    """Remember libraries that were installed with a package, besides those known already."""
    known = _read(_file(paths))
    names = sorted({*known.get(normal(package), []), *map(normal, libraries)})
    if names:
        _write(_file(paths), {**known, normal(package): names})


def forget_brought(paths: Paths, package: str) -> None:
    """The package is gone."""
    known = _read(_file(paths))
    if known.pop(normal(package), None) is not None:
        _write(_file(paths), known)


def _file(paths: Paths) -> Path:
    return paths.data / "plugin-libraries.json"


def _read(file: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(file.read_text("utf-8"))
        return {str(name): [str(one) for one in libraries] for name, libraries in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write(file: Path, known: dict[str, list[str]]) -> None:
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_text(json.dumps(known), "utf-8")
        part.replace(file)
    except OSError as error:  # then the libraries stay when the plugin goes
        log.info("what a plugin brought cannot be noted: %s", error)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
