"""What the operating system must bring: what is missing is installed by root, or named with the command."""

from __future__ import annotations

import ctypes.util
import os
import shutil
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from bootstrap.commands import Ask, Work
from bootstrap.console import Stop, say
from bootstrap.place import Place

QUERY = ["dpkg-query", "-W", "-f", "${db:Status-Abbrev}|${Package}|${Provides}\n"]
INSTALL = ["apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "--no-install-recommends"]


def read_packages(file: Path, purposes: Iterable[str]) -> dict[str, str]:
    """The packages for these purposes, each with its check (`command:cc`, `library:GL` or nothing)."""
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return {package: check for purpose in purposes for package, check in table[purpose].items()}


def ensure(purposes: Iterable[str], place: Place, *, also: Iterable[str] = (), ask: Ask, work: Work) -> None:
    """See that everything for these purposes is installed, and the packages `also` that are known missing.

    Raises:
        Stop: Something is missing and cannot be installed from here; the text has the exact command.
    """
    wanted = read_packages(place.root / "packaging" / "system-packages.toml", purposes)
    if has_apt():
        missing = [*also, *missing_packages(wanted, ask)]
        if missing:
            install_packages(missing, place, work=work)
        return
    lacking = [check.partition(":")[2] for check in wanted.values() if check and not is_present(check)]
    if missing := [*also, *lacking]:
        names = ", ".join(missing)
        raise Stop(
            f"Missing on this system: {names}. Install them with its package manager, then make again."
        )


def has_apt() -> bool:
    """Whether this is Debian, Ubuntu or one of their kin."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-query"))


def is_present(check: str) -> bool:
    """Whether a `command:` is on PATH or a `library:` can be loaded."""
    kind, _, name = check.partition(":")
    if kind == "command":
        return shutil.which(name) is not None
    return ctypes.util.find_library(name) is not None


def missing_packages(wanted: dict[str, str], ask: Ask) -> list[str]:
    """The packages that neither dpkg knows as installed nor their own check finds."""
    installed = installed_packages(ask(QUERY).text)
    unknown = {name: check for name, check in wanted.items() if name not in installed}
    return [name for name, check in unknown.items() if not (check and is_present(check))]


def installed_packages(status: str) -> set[str]:
    """Names of installed packages and of what they provide (`libglib2.0-0` by `libglib2.0-0t64`).

    Args:
        status: Lines `state|name|provides` as dpkg-query prints them.
    """
    names = set()
    for line in status.splitlines():
        state, _, rest = line.partition("|")
        name, _, provides = rest.partition("|")
        if state[1:2] == "i":  # installed, wanted so (`ii`) or held (`hi`)
            names.add(name)
            names.update(item.split()[0] for item in provides.split(",") if item.strip())
    return names


def is_root() -> bool:
    """Whether packages can be installed without asking for rights."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_packages(names: list[str], place: Place, *, work: Work) -> None:
    """Install Debian packages as root.

    Raises:
        Stop: Not root; the text has the exact command.
    """
    if not is_root():
        raise Stop(f"Missing system packages. Install them, then run make again:\n  {manual(names)}")
    environ = place.child_environment(DEBIAN_FRONTEND="noninteractive")
    log = place.log("apt")
    try:
        work(["apt-get", "update"], title="Reading the lists of system packages", log=log, environ=environ)
    except Stop as error:  # a broken third-party source must not stop what the others have
        say(f"{error}\nGoing on with the lists as they are.")
    work([*INSTALL, *names], title=f"Installing {' '.join(names)}", log=log, environ=environ)


def manual(names: list[str]) -> str:
    """The command for a person to run."""
    return f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(names)}"


def window_purposes(environ: Mapping[str, str], *, platform: str = sys.platform) -> list[str]:
    """What the window needs on this display: nothing without one, no X libraries on bare Wayland."""
    if not platform.startswith("linux"):
        return []
    if environ.get("DISPLAY"):
        return ["window", "x11"]
    return ["window"] if environ.get("WAYLAND_DISPLAY") or environ.get("QT_QPA_PLATFORM") else []
