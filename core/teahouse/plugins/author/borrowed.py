"""A plugin that looks installed without being so: its folder on the path, its entry points in another."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from teahouse.plugins.author.project import Project


@contextmanager
def borrowed(project: Project) -> Iterator[Path]:
    """Let this process and its children find a plugin; yields the folder that describes it.

    A plugin of the same distribution that is installed is hidden meanwhile.
    """
    with TemporaryDirectory(prefix="teahouse-dev-", ignore_cleanup_errors=True) as folder:
        describe(project, Path(folder))
        added = [str(project.source), folder]
        before, variable = list(sys.path), os.environ.get("PYTHONPATH")
        sys.path[:0] = added
        os.environ["PYTHONPATH"] = os.pathsep.join([*added, *([variable] if variable else [])])
        importlib.invalidate_caches()
        try:
            yield Path(folder)
        finally:
            sys.path[:] = before
            if variable is None:
                del os.environ["PYTHONPATH"]
            else:
                os.environ["PYTHONPATH"] = variable


@contextmanager
def fresh_files() -> Iterator[None]:
    """Write no compiled files: one is taken for new when its source changes twice within a second."""
    before, variable = sys.dont_write_bytecode, os.environ.get("PYTHONDONTWRITEBYTECODE")
    sys.dont_write_bytecode = True
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
        if variable is None:
            del os.environ["PYTHONDONTWRITEBYTECODE"]
        else:
            os.environ["PYTHONDONTWRITEBYTECODE"] = variable


def describe(project: Project, folder: Path) -> None:
    """Write what an installer would have written: metadata and entry points."""
    named = project.distribution.replace("-", "_")
    info = folder / f"{named}-{project.version}.dist-info"
    info.mkdir(parents=True, exist_ok=True)
    lines = ["Metadata-Version: 2.1", f"Name: {project.distribution}", f"Version: {project.version}"]
    lines += [f"Summary: {project.table['description']}"] if "description" in project.table else []
    lines += [f"Requires-Dist: {one}" for one in project.requirements]
    (info / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")
    groups = (
        "\n".join([f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())])
        for group, entries in project.entries.items()
    )
    (info / "entry_points.txt").write_text("\n\n".join(groups) + "\n", "utf-8")
