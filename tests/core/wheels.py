"""Wheels of plugins as strangers build them, and environments that see the app and are else empty."""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

ENGINE = """
from teahouse import Command, Setting, hookimpl
from {package}.words import WORD

class Plugin:
    @hookimpl
    def register_settings(self):
        return [Setting("{name}.greeting", str, "hello", "Greeting", "What to say.")]

    @hookimpl
    def register_commands(self, app):
        return [Command("{name} say", "Say it", say, (), True)]

def say(app, params):
    def work(cancel):
        yield "said"
        return {{"said": WORD}}
    return work

def create(app):
    return Plugin()
"""

PANEL = """
from PySide6.QtWidgets import QLabel
from teahouse import hookimpl
from teahouse_desktop import Panel

class Panels:
    @hookimpl
    def register_panels(self):
        return [Panel("Tea garden", "repeat", self.make)]

    def make(self, parent=None):
        return QLabel("Flowers in {name}", parent)

def create_panels(app, window):
    return Panels()
"""

GROUPS = ("teahouse.plugins", "teahouse.commands")


def plugin_wheel(
    folder: Path,
    name: str = "jasmine",
    version: str = "1.0",
    *,
    source: str = "",
    requires: Sequence[str] = ("teahouse>=0.1,<0.2",),
    more: Mapping[str, str] | None = None,
    groups: Sequence[str] = GROUPS,
    has_panel: bool = False,
    fields: Sequence[str] = ("Author: 茶客", "License-Expression: MIT", "Summary: Smells of flowers"),
) -> Path:
    """The wheel of a plugin of one package, `teahouse_NAME`."""
    package = f"teahouse_{name}"
    files = {
        f"{package}/__init__.py": source or ENGINE.format(name=name, package=package),
        f"{package}/words.py": f'WORD = "{version}"\n',
        **(more or {}),
    }
    entries = "".join(f"[{group}]\n{name} = {package}:create\n" for group in groups)
    if has_panel:
        files[f"{package}/panel.py"] = PANEL.format(name=name)
        entries += f"[teahouse.panels]\n{name} = {package}.panel:create_panels\n"
    entries += f"[console_scripts]\n{name}-tool = {package}:create\n"
    described = {"requires": requires, "entries": entries, "fields": fields}
    return write_wheel(folder, f"teahouse-{name}", version, files, **described)


def write_wheel(
    folder: Path,
    name: str,
    version: str,
    files: Mapping[str, str],
    *,
    requires: Sequence[str] = (),
    entries: str = "",
    fields: Sequence[str] = (),
    raw: Sequence[tuple[ZipInfo, bytes]] = (),
) -> Path:
    """Any wheel.

    Args:
        raw: Members that are put in as they are, and are in its list too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    plain = name.replace("-", "_")
    info = f"{plain}-{version}.dist-info"
    said = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *fields]
    said += [f"Requires-Dist: {requirement}" for requirement in requires]
    whole = {
        **{path: text.encode() for path, text in files.items()},
        f"{info}/METADATA": ("\n".join(said) + "\n").encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if entries:
        whole[f"{info}/entry_points.txt"] = entries.encode()
    listed = {**whole, **{member.filename: content for member, content in raw}}
    lines = [f"{path},{_hash(content)},{len(content)}" for path, content in listed.items()]
    whole[f"{info}/RECORD"] = ("\n".join([*lines, f"{info}/RECORD,,"]) + "\n").encode()
    wheel = folder / f"{plain}-{version}-py3-none-any.whl"
    with ZipFile(wheel, "w", ZIP_DEFLATED) as archive:
        for path, content in whole.items():
            archive.writestr(path, content)
        for member, content in raw:
            archive.writestr(member, content)
    return wheel


def _hash(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Environment:
    """A virtual environment of its own that finds the app, and pip, where this process finds them."""

    folder: Path
    home: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    @property
    def packages(self) -> Path:
        """Its site-packages."""
        return next(self.folder.rglob("seen.pth")).parent

    def files(self) -> set[str]:
        """Every file and folder, but for what Python compiles of modules that stay."""
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}

    def teahouse(
        self, *arguments: str, timeout_s: float = 60, **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the real command in it."""
        return subprocess.run(
            [self.python, "-m", "teahouse.cli.main", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout_s,
            env=self.variables(**environ),
            stdin=subprocess.DEVNULL,
            check=False,
        )

    def variables(self, **environ: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        return {**kept, "TEAHOUSE_HOME": str(self.home), "PYTHONUTF8": "1", **environ}


def make_environment(folder: Path, home: Path) -> Environment:
    """Make one; it takes a tenth of a second."""
    venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
    made = Environment(folder, home)
    found = subprocess.run(
        [made.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True, env=made.variables(),
    )  # fmt: skip
    seen = [path for path in sys.path if path and Path(path).is_dir() and _is_ours(path)]
    Path(found.stdout.strip(), "seen.pth").write_text("\n".join(seen) + "\n", "utf-8")
    return made


def _is_ours(path: str) -> bool:
    """Not the standard library, which the environment has of its own."""
    return not Path(path, "os.py").exists() and "lib-dynload" not in path
