"""The gallery: a JSON file that names plugins and where their wheels are. One is shipped with the app."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from teahouse.errors import DownloadError, PluginError
from teahouse.jobs import Cancel, Work
from teahouse.language import _, active
from teahouse.plugins.api import check_api

if TYPE_CHECKING:
    from teahouse.app import App

FORMAT = 1
GALLERY_AT_MOST_BYTES = 8 << 20
WHERE = "plugins.gallery"


@dataclass(frozen=True, slots=True)
class OfferVersion:
    """One version of a plugin in a gallery.

    Attributes:
        wheel: Address or path of the file.
        api: Versions of the app it was written for, such as `>=0.1,<0.2`; empty for any.
    """

    version: str
    wheel: str
    sha256: str
    api: str = ""
    size_bytes: int = 0

    @property
    def is_for_here(self) -> bool:
        """Whether it was written for this version of the app."""
        try:
            check_api([f"teahouse{self.api}"])
        except PluginError:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Offer:
    """A plugin in a gallery.

    Attributes:
        summary: By language (`en`, `zh_CN`).
        is_bundled: It comes with the app.
    """

    name: str
    distribution: str
    summary: Mapping[str, str]
    author: str
    licence: str
    homepage: str = ""
    is_bundled: bool = False
    versions: tuple[OfferVersion, ...] = ()

    @property
    def words(self) -> str:
        """What it does, in the language in force where it is said in that."""
        return self.summary.get(active()) or self.summary.get("en", "")

    def newest_here(self) -> OfferVersion | None:
        """The newest version for this version of the app."""
        from packaging.version import Version

        fitting = [one for one in self.versions if one.is_for_here]
        return max(fitting, key=lambda one: Version(one.version), default=None)


def is_address(text: str) -> bool:
    """Whether it is an address on the network, not a path."""
    return urlsplit(text).scheme in ("http", "https")


def shipped() -> list[Offer]:
    """The gallery that came with the app."""
    return _parse(resources.files("teahouse.plugins").joinpath("gallery.json").read_text("utf-8"), "")


def local_offers(app: App) -> list[Offer]:
    """The offers that are on this machine: the shipped ones, and those of a gallery that is a file.

    Raises:
        PluginError: The file cannot be read.
    """
    where = str(app.settings.get(WHERE))
    return shipped() if not where or is_address(where) else [*_read(Path(where).expanduser()), *shipped()]


def read_gallery(app: App) -> Work:
    """Work that reads the gallery, over the network where its setting names an address; a list of `Offer`.

    Raises (when it runs):
        NetworkRefused: The app is set to stay offline.
        PluginError: It cannot be had, or is not a gallery.
    """

    def work(cancel: Cancel) -> Generator[None, None, list[Offer]]:
        where = str(app.settings.get(WHERE))
        if not is_address(where):
            return local_offers(app)
        text = yield from _fetch(app, where, cancel)
        return [*_parse(text, where), *shipped()]

    return work


def search(offers: Iterable[Offer], words: str) -> list[Offer]:
    """The offers in which every word stands, in any language; one of each name."""
    wanted, found = words.casefold().split(), dict[str, Offer]()
    for offer in offers:
        text = "\n".join((offer.name, offer.distribution, offer.author, *offer.summary.values())).casefold()
        if all(word in text for word in wanted):
            found.setdefault(offer.name, offer)
    return sorted(found.values(), key=lambda one: (one.is_bundled, one.name))


def as_object(offer: Offer) -> dict[str, Any]:
    """An offer as JSON."""
    newest = offer.newest_here()
    return {**asdict(offer), "summary": dict(offer.summary), "newest": newest.version if newest else ""}


# --- reading ----------------------------------------------------------------------------------------


def _read(path: Path) -> list[Offer]:
    try:
        if path.stat().st_size > GALLERY_AT_MOST_BYTES:
            raise PluginError(_not_one(path, _("it is too large")), path=str(path))
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PluginError(_not_one(path, str(error)), path=str(path)) from error
    return _parse(text, str(path.absolute()))


def _fetch(app: App, address: str, cancel: Cancel) -> Generator[None, None, str]:
    with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "gallery.json")
        try:
            for _bytes in app.net.web_file(address, path=file, limit_bytes=GALLERY_AT_MOST_BYTES):
                if cancel.is_set():
                    raise PluginError(_("Stopped."))
                yield
            return file.read_text("utf-8", "replace")
        except DownloadError as error:
            text = _("The gallery could not be fetched from {host}: {reason}.")
            host = urlsplit(address).hostname or address
            raise PluginError(
                text.format(host=host, reason=error.text),
                _("The setting plugins.gallery says where it is looked for."),
            ) from error


def _not_one(where: object, reason: str) -> str:
    return _("{where} is not a gallery of plugins: {reason}.").format(where=where, reason=reason)


def _parse(text: str, where: str) -> list[Offer]:
    """The offers of a gallery's text; paths and addresses in it are relative to `where`."""
    named = where or "gallery.json"
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PluginError(_not_one(named, _("it is not JSON ({error})").format(error=error))) from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise PluginError(_not_one(named, _("its “format” is not {number}").format(number=FORMAT)))
    entries = whole.get("plugins")
    if not isinstance(entries, list):
        raise PluginError(_not_one(named, _("its “plugins” is not a list")))
    return [_offer(entry, number, where) for number, entry in enumerate(entries, 1)]


def _offer(entry: Any, number: int, where: str) -> Offer:
    try:
        summary = {str(key): _text(value) for key, value in dict(entry["summary"]).items()}
        return Offer(
            name=_text(entry["name"]),
            distribution=_text(entry.get("distribution", entry["name"])),
            summary=summary,
            author=_text(entry["author"]),
            licence=_text(entry["licence"]),
            homepage=_text(entry.get("homepage", "")),
            is_bundled=entry.get("is_bundled", False) is True,
            versions=tuple(_version(one, where) for one in entry.get("versions", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = _("its plugin number {number} lacks {what}").format(number=number, what=error)
        raise PluginError(_not_one(where or "gallery.json", reason)) from error


def _version(entry: Any, where: str) -> OfferVersion:
    from packaging.version import Version

    sha256 = _text(entry["sha256"]).lower()
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("sha256")
    wheel, size = _text(entry["wheel"]), entry.get("size_bytes", 0)
    if is_address(where):
        wheel = urljoin(where, wheel)
        if not is_address(wheel):  # a stranger's list may not name files of this machine
            raise ValueError("wheel")
    elif not is_address(wheel):
        wheel = str(Path(where).parent / wheel)
    version = str(Version(_text(entry["version"])))
    return OfferVersion(
        version, wheel, sha256, _text(entry.get("teahouse", "")), size if isinstance(size, int) else 0
    )


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 2000:
        raise TypeError(repr(value)[:40])
    return " ".join(value.split())
