"""Where a plugin is to come from: a file, a folder of wheels, the gallery, or pip's index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.plugins.gallery import Offer, OfferVersion, is_address
from teahouse.plugins.installed import normal
from teahouse.plugins.installing.wheel import peek

if TYPE_CHECKING:
    from teahouse.app import App

NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,100}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the wheel of a plugin is.

    Attributes:
        kind: A file; one of the gallery; or only a name, for which pip's index has to be asked.
        path: The file.
        folder: Wheels of what it needs may lie there.
        version: Of the gallery's plugin.
    """

    kind: Literal["file", "gallery", "index"]
    name: str
    path: Path | None = None
    folder: Path | None = None
    version: OfferVersion | None = None

    @property
    def is_remote(self) -> bool:
        """Whether the network is needed, so that the person has to say yes first."""
        return self.kind == "index" or (self.version is not None and is_address(self.version.wheel))

    @property
    def place(self) -> str:
        """Whom the network is asked for, in words; empty where it is not."""
        if self.kind == "index":
            return _("the package index that pip uses")
        return urlsplit(self.version.wheel).hostname or "" if self.is_remote and self.version else ""


def find_source(app: App, wanted: str, *, offers: Iterable[Offer] = (), plugin: str = "") -> Source:
    """Where something is that a person named; reads folders, asks nobody.

    Args:
        wanted: `FILE.whl`, a folder of wheels, or a name.
        offers: The gallery's.
        plugin: Only this one of a folder that holds several.

    Raises:
        PluginError: There is no such file, or no plugin in the folder, or several.
    """
    path = Path(wanted).expanduser()
    if path.is_dir():
        return _in_folder(path.absolute(), plugin)
    if path.is_file():
        return Source("file", path.name, path.absolute())
    if not NAME.fullmatch(wanted) or wanted.endswith((".whl", ".gz", ".zip")):
        raise PluginError(_("There is no file {file}.").format(file=wanted), path=wanted)
    return _offered(wanted, offers) or Source("index", wanted)


def _offered(name: str, offers: Iterable[Offer]) -> Source | None:
    for offer in offers:
        if normal(name) not in (normal(offer.name), normal(offer.distribution)):
            continue
        if offer.is_bundled:
            text = _("The plugin {name} came with Teahouse; it is here already.")
            raise PluginError(text.format(name=offer.name), plugin=offer.name)
        newest = offer.newest_here()
        if newest is None:
            text = _("The gallery has no version of {name} for this version of Teahouse.")
            raise PluginError(text.format(name=offer.name), plugin=offer.name)
        return Source("gallery", offer.name, version=newest)
    return None


def _in_folder(folder: Path, plugin: str) -> Source:
    from packaging.version import Version

    found: dict[str, tuple[Version, Path]] = {}
    for path in sorted(folder.glob("*.whl")):
        name, version, plugins = peek(path)
        is_wanted = not plugin or normal(plugin) in (normal(name), *map(normal, plugins))
        if plugins and is_wanted and (name not in found or Version(version) > found[name][0]):
            found[name] = (Version(version), path)
    if not found:
        raise PluginError(
            _("There is no wheel of a plugin in {folder}.").format(folder=folder), path=str(folder)
        )
    if len(found) > 1:
        raise PluginError(
            _("There are several plugins in {folder}: {names}.").format(
                folder=folder, names=", ".join(sorted(found))
            ),
            _("Name the file of one of them."),
            path=str(folder),
        )
    _version, path = next(iter(found.values()))
    return Source("file", path.name, path, folder)
