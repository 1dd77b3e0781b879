"""The wheel of a plugin, built with its own build tool from a copy of the folder, and what lies in it."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.author.findings import Finding
from teahouse.plugins.author.project import Project

BUILD = "import sys, importlib; print(importlib.import_module(sys.argv[1]).build_wheel(sys.argv[2]))"
WITHIN_S = 120
MADE = (".git", ".venv", "venv", "dist", "build", "__pycache__", "*.egg-info", ".*_cache", "node_modules")
DEFAULT_BACKEND = "setuptools.build_meta"


def backend_of(project: Project) -> str:
    """The module that builds it."""
    return str(project.build.get("build-backend", DEFAULT_BACKEND)).partition(":")[0]


def why_not_built(project: Project) -> str:
    """Why its wheel cannot be built here; empty where it can."""
    if getattr(sys, "frozen", False):
        return _("The wheel was not looked at: this Teahouse brings its own Python, without build tools.")
    backend = backend_of(project)
    if importlib.util.find_spec(backend.partition(".")[0]) is None or "backend-path" in project.build:
        tool = backend.partition(".")[0]
        return _("The wheel was not looked at: {tool} is not installed.").format(tool=tool)
    return ""


def build_wheel(project: Project, folder: Path) -> Path:
    """Build its wheel into a folder; nothing is fetched, and the author's folder stays as it is.

    Raises:
        PluginError: It cannot be built; the last lines of the tool are its data.
    """
    with TemporaryDirectory(prefix="teahouse-build-", ignore_cleanup_errors=True) as place:
        copy = Path(place, project.folder.name)
        shutil.copytree(project.folder, copy, ignore=shutil.ignore_patterns(*MADE), symlinks=True)
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-c", BUILD, backend_of(project), str(folder.resolve())]
        try:
            done = subprocess.run(
                command, cwd=copy, capture_output=True, text=True, timeout=WITHIN_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise PluginError(_("The wheel cannot be built: {error}.").format(error=error)) from error
    built = sorted(folder.glob("*.whl"))
    if done.returncode or not built:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines() or [str(done.returncode)]
        raise PluginError(
            _("The wheel cannot be built: {error}.").format(error=last[-1]), stderr="\n".join(last)
        )
    return built[-1]


def check_wheel(project: Project) -> list[Finding]:
    """Build its wheel and say what is missing in it, or too much."""
    with TemporaryDirectory(prefix="teahouse-wheel-", ignore_cleanup_errors=True) as folder:
        try:
            with zipfile.ZipFile(build_wheel(project, Path(folder))) as wheel:
                names = set(wheel.namelist())
        except PluginError as error:
            hint = _("Look at [build-system] and [tool…] of its pyproject.toml.")
            return [Finding("wheel", error.text, hint, traceback=str(error.data.get("stderr", "")))]
    return [*_missing(project, names), *_too_much(project, names)]


def _missing(project: Project, names: set[str]) -> Iterator[Finding]:
    hint = _("Look at what the build tool takes: [tool.hatch.build.targets.wheel], or package-data.")
    for package in project.packages:
        for file in sorted(package.rglob("*")):
            name = file.relative_to(project.source).as_posix()
            if file.suffix in (".py", ".mo", ".typed") and name not in names:
                text = _("The wheel does not contain {name}.").format(name=name)
                yield Finding("wheel", text, hint)


def _too_much(project: Project, names: set[str]) -> Iterator[Finding]:
    own = {package.name for package in project.packages}
    tops = {name.partition("/")[0] for name in names}
    for top in sorted(tops & {"tests", "test", "docs", "src"} - own):
        text = _("The wheel puts a folder {name} beside everybody's packages.").format(name=top)
        yield Finding("wheel", text, _("Leave it out of the wheel."))
