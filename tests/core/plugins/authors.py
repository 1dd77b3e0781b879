"""Plugins in their authors' folders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from teahouse.jobs import Cancel
from teahouse.plugins.author.check import check
from teahouse.plugins.author.findings import Report
from teahouse.plugins.author.names import names_of
from teahouse.plugins.author.project import read_project
from teahouse.plugins.author.scaffold import create
from teahouse.workers.process import Workers


def new(parent: Path, name: str = "tea-notes") -> Path:
    """A plugin from the template."""
    return create(names_of(name), parent)


def changed(folder: Path, file: str, *pairs: tuple[str, str]) -> Path:
    """The same folder, with texts of a file replaced; each must be there."""
    path = folder / file
    text = path.read_text("utf-8")
    for old, wanted in pairs:
        assert old in text, f"{old!r} is not in {file}"
        text = text.replace(old, wanted)
    path.write_text(text, "utf-8")
    return folder


def small(folder: Path, source: str, *, project: str = "", entries: Mapping[str, str] | None = None) -> Path:
    """A plugin `small` of one module with a sound pyproject.toml."""
    groups = {"plugins": "teahouse_small:create"} if entries is None else entries
    named = "\n".join(f'[project.entry-points."teahouse.{g}"]\nsmall = "{v}"' for g, v in groups.items())
    lines = [
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"',
        '[project]\nname = "teahouse-small"\nversion = "1"\nlicense = "MIT"\ndescription = "Small."',
        'requires-python = ">=3.11"',
        project or 'dependencies = ["teahouse>=0.1,<0.2"]',
        named,
        '[tool.hatch.build.targets.wheel]\npackages = ["teahouse_small"]',
    ]
    package = folder / "teahouse_small"
    package.mkdir(parents=True)
    (folder / "pyproject.toml").write_text("\n".join(lines), "utf-8")
    (package / "__init__.py").write_text(source, "utf-8")
    return folder


def report_of(folder: Path, workers: Workers) -> Report:
    """What a check of a folder finds."""
    steps = check(read_project(folder), workers, words=("chat", "models"), cancel=Cancel())
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            return stop.value


def texts_of(report: Report) -> list[str]:
    """The findings in one line each."""
    return [f"[{finding.kind}] {finding.text}" for finding in report.findings]
