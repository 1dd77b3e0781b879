"""A plugin that is tried before it is installed: unpacked into a folder of its own, loaded in a child."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, PathDistribution
from pathlib import Path

from teahouse.plugins.installed import COMMANDS, PANELS, PLUGINS, Installed
from teahouse.plugins.installing.archive import unpack_to
from teahouse.plugins.installing.wheel import Wheel


@dataclass(frozen=True)
class Staged(Installed):
    """A plugin in a folder that this process imports nothing from."""

    root: Path = Path()

    @cached_property
    def places(self) -> list[Path]:
        """Folders and files in which its program lies."""
        found = (self._place(package) for package in self.packages)
        return [place for place in found if place.exists()]

    def _place(self, package: str) -> Path:
        folder = self.root / package
        return folder if folder.is_dir() else folder.with_suffix(".py")


def unpack(wheels: Iterable[Wheel], root: Path) -> None:
    """Unpack wheels where Python finds their modules once `root` is on its path.

    Raises:
        PluginError: One cannot be unpacked.
    """
    for wheel in wheels:
        unpack_to(wheel.path, root)
        data = root / (wheel.info.removesuffix(".dist-info") + ".data")
        for name in ("purelib", "platlib"):
            if (data / name).is_dir():
                shutil.copytree(data / name, root, dirs_exist_ok=True)


def staged(wheel: Wheel, root: Path) -> list[Staged]:
    """The plugins of a wheel that was unpacked."""
    dist = PathDistribution(root / wheel.info)
    points = list(dist.entry_points)
    return [_staged(name, points, root) for name in wheel.plugins]


def _staged(name: str, points: Iterable[EntryPoint], root: Path) -> Staged:
    entries = {one.group: one for one in points if one.name == name and one.group in (PLUGINS, PANELS)}
    main = entries.get(PLUGINS) or entries[PANELS]
    top = main.module.partition(".")[0]
    words = {p.name: p for p in points if p.group == COMMANDS and p.module.partition(".")[0] == top}
    return Staged(name, entries, words, root=root)
