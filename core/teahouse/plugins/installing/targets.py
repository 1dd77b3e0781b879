"""Which files a wheel becomes when it is installed, and that none of them belongs to something else."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import Distribution
from pathlib import Path, PurePosixPath

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.installed import normal
from teahouse.plugins.installing.wheel import Wheel

SCHEMES = {"purelib": "purelib", "platlib": "platlib", "scripts": "scripts", "data": "data"}


def targets(wheel: Wheel) -> list[Path]:
    """The files that installing it makes, but for what pip itself adds to its `.dist-info` folder.

    Raises:
        PluginError: It has files for a place that is not known.
    """
    root = Path(sysconfig.get_path("purelib" if wheel.is_pure else "platlib"))
    data = wheel.info.removesuffix(".dist-info") + ".data"
    placed = [_target(file, root, data) for file in wheel.files]
    scripts = Path(sysconfig.get_path("scripts"))
    return [*placed, *(scripts / name for name in _programs(wheel))]


def check_targets(wheels: Sequence[Wheel], here: Mapping[str, Distribution]) -> None:
    """Refuse wheels that would write over a file that is not their own earlier version's.

    Raises:
        PluginError: One would.
    """
    taken: dict[Path, str] = {}
    for wheel in wheels:
        old = here.get(normal(wheel.name))
        own = set(files_of(old)) if old is not None else set()
        for path in targets(wheel):
            if path in taken or (path not in own and path.exists()):
                raise PluginError(
                    _("{name} was refused: it would write over {file}, which is not its own.").format(
                        name=wheel.name, file=path
                    )
                )
            taken[path] = wheel.name


def files_of(one: Distribution) -> list[Path]:
    """The files of an installed distribution that are there, by its own list."""
    found = (Path(str(one.locate_file(file))) for file in one.files or ())
    return [plain for plain in map(_plain, found) if plain.is_file()]


def _plain(path: Path) -> Path:
    """Without `..` steps, which lists use for scripts; links in it stay."""
    steps: list[str] = []
    for step in path.parts:
        if step == ".." and steps:
            steps.pop()
        else:
            steps.append(step)
    return Path(*steps)


def _target(file: str, root: Path, data: str) -> Path:
    steps = PurePosixPath(file).parts
    if steps[0] != data:
        return root.joinpath(*steps)
    if len(steps) < 3 or steps[1] not in SCHEMES:
        raise PluginError(_("It was refused: the file {name} in it has no place here.").format(name=file))
    return Path(sysconfig.get_path(SCHEMES[steps[1]])).joinpath(*steps[2:])


def _programs(wheel: Wheel) -> Iterator[str]:
    ending = ".exe" if sys.platform == "win32" else ""
    for name in wheel.programs:
        if "/" in name or "\\" in name or name.startswith("."):
            raise PluginError(_("It was refused: the file {name} in it has no place here.").format(name=name))
        yield name + ending
