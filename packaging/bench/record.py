"""docs/measured.json: each measurement with the commit, machine and day it was made on."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bench.ratio import Result

SCHEMA = 1
RECORD = "docs/measured.json"
PACKAGES = ("teahouse", "llama-cpp-python", "PySide6-Essentials", "numpy")


def read(file: Path) -> dict[str, Any]:
    """What has been measured so far; an empty record where there is none of this schema."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found = {}
    return found if found.get("schema") == SCHEMA else {"schema": SCHEMA, "measurements": {}}


def put(file: Path, name: str, results: Sequence[Result], circumstances: dict[str, Any]) -> None:
    """Replace one measurement and leave the others as they are."""
    record = read(file)
    record["measurements"][name] = circumstances | {"results": [result.as_json() for result in results]}
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".part")
    fresh.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    fresh.replace(file)


def circumstances(root: Path, model: Path | None, options: dict[str, int]) -> dict[str, Any]:
    """Commit, day, machine, versions, model (empty where none takes part) and sizes."""
    from teahouse.diagnosis import machine

    return {
        "commit": commit(root),
        "date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "machine": machine(),
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        "model": model.name if model else "",
        "options": options,
    }


def commit(root: Path) -> str:
    """The commit, with `-dirty` when files that can be measured differ from it; empty outside of git.

    What has been measured before is not part of what is measured.
    """
    name = _ask_git(root, "describe", "--always", "--abbrev=12", "--exclude=*")
    changed = _ask_git(root, "diff", "--name-only", "HEAD", "--", ".", f":(exclude){RECORD}")
    return f"{name}-dirty" if changed else name


def _ask_git(root: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
