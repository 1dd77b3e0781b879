"""Wheels from the network, to which the person has said yes: a gallery's, or pip's index's."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from teahouse.errors import DownloadError, PluginError
from teahouse.jobs import Cancel
from teahouse.language import _
from teahouse.plugins.gallery import OfferVersion, is_address
from teahouse.plugins.installing import environment
from teahouse.plugins.installing.files import WHEEL_AT_MOST_BYTES, Step, check_hash, copied
from teahouse.plugins.installing.pip import Stopped

if TYPE_CHECKING:
    from teahouse.app import App


def fetch_offer(app: App, offer: OfferVersion, folder: Path, cancel: Cancel) -> Generator[Step, None, Path]:
    """The wheel of a gallery's plugin, checked against the gallery's hash before it is read."""
    if not is_address(offer.wheel):
        path = copied(Path(offer.wheel), folder)
    else:
        path = folder / unquote(Path(urlsplit(offer.wheel).path).name)
        limit = offer.size_bytes or WHEEL_AT_MOST_BYTES
        try:
            for done_bytes in app.net.web_file(offer.wheel, path=path, limit_bytes=limit):
                _check_going(cancel)
                yield Step("fetch", done_bytes)
        except DownloadError as error:
            raise _failed(offer.wheel, error) from error
    check_hash(path, offer.sha256)
    return path


def fetch_from_index(app: App, name: str, folder: Path, cancel: Cancel) -> Generator[Step, None, list[Path]]:
    """The wheels that pip would install for a name, from the index that it is set to."""
    constraints = folder / "constraints.txt"
    environment.write_constraints(constraints, environment.kept_versions(environment.installed()))
    paths: list[Path] = []
    try:
        asking = app.net.pip_report(name, constraints=constraints, folder=folder)
        entries = yield from _waited(asking, "find", cancel)
        if not entries:
            text = _("{name} is installed already, in the newest version that fits.")
            raise PluginError(text.format(name=name))
        for entry in entries:
            paths.append((yield from _fetch(app, entry, folder, cancel)))
    except DownloadError as error:
        raise _failed(name, error) from error
    return paths


def _fetch(app: App, entry: Any, folder: Path, cancel: Cancel) -> Generator[Step, None, Path]:
    name, version = str(entry["metadata"]["name"]), str(entry["metadata"]["version"])
    wanted = str(entry["download_info"].get("archive_info", {}).get("hashes", {}).get("sha256", ""))
    own = folder / f"{name}-{version}"
    own.mkdir()
    transfer = app.net.pip_wheel(name, version, folder=own, limit_bytes=WHEEL_AT_MOST_BYTES)
    path: Path = yield from _waited(transfer, "fetch", cancel)
    if wanted:
        check_hash(path, wanted)
    return path


def _waited(work: Generator[int, None, Any], stage: Any, cancel: Cancel) -> Generator[Step, None, Any]:
    try:
        while True:
            try:
                done_bytes = next(work)
            except StopIteration as stop:
                return stop.value
            _check_going(cancel)
            yield Step(stage, done_bytes)
    finally:
        work.close()


def _check_going(cancel: Cancel) -> None:
    if cancel.is_set():
        raise Stopped(_("Stopped."))


def _failed(what: str, error: DownloadError) -> PluginError:
    text = _("{name} could not be fetched: {reason}. Nothing was installed.")
    return PluginError(text.format(name=what, reason=error.text.rstrip(".")), error.hint)
