"""Models of a hub beyond the catalogue: found by words, with their files and headers, and fetched."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlencode

from teahouse.errors import AppError, DownloadError, ModelError, ModelFileError
from teahouse.jobs import Cancel, Work
from teahouse.language import _, listed
from teahouse.models.catalogue import Entry, HubSource
from teahouse.models.disk import hash_file
from teahouse.models.download import DownloadProgress, fetch
from teahouse.models.gguf import file_error, read_beginning
from teahouse.models.header import Header
from teahouse.models.repository import (
    FIELDS,
    HubFile,
    Repository,
    is_repository_id,
    read_files,
    read_repository,
    revision_of,
)
from teahouse.models.taken import taken_error
from teahouse.net import Net
from teahouse.transfers import Answering

SHOWN_AT_MOST = 30
BEGINNINGS = (4 << 20, 24 << 20)
"""Bytes to read for a header: most vocabularies fit into the first, the largest into the second."""


# --- asking -----------------------------------------------------------------------------------------


def search(words: str, *, net: Net, limit: int = SHOWN_AT_MOST) -> Work:
    """Work that sends these words to the hub and returns a list of `Repository`, the most fetched first.

    Raises:
        DownloadError: The hub cannot be reached or answers with something else.
        NetworkRefused: The app is set to stay offline.
    """

    def work(_cancel: Cancel) -> Generator[None, None, list[Repository]]:
        query = [("search", words.strip()), ("filter", "gguf"), ("sort", "downloads")]
        query += [("limit", str(limit)), *(("expand", field) for field in FIELDS)]
        answer = yield from _asked(net, f"/api/models?{urlencode(query)}")
        if not isinstance(answer, list):
            raise _not_understood(net)
        found = (read_repository(row) for row in answer[: 2 * limit])
        return [repository for repository in found if repository is not None][:limit]

    return work


def files(repository_id: str, *, net: Net) -> Work:
    """Work that asks which GGUF files a repository has and returns a list of `HubFile`.

    The smallest comes first, those that cannot be used last.

    Raises:
        DownloadError: There is no such repository, or as `search`.
        NetworkRefused: The app is set to stay offline.
        ModelError: That is no name of a repository.
    """

    def work(_cancel: Cancel) -> Generator[None, None, list[HubFile]]:
        _check_id(repository_id)
        answer = yield from _asked(net, f"/api/models/{quote(repository_id)}?blobs=true", repository_id)
        repository = read_repository(answer)
        if repository is None or not revision_of(answer):
            raise _not_understood(net)
        found = read_files(repository, answer)
        return sorted(found, key=lambda file: (bool(file.problem), file.size_bytes, file.path))

    return work


def find(reference: str, *, net: Net) -> Work:
    """Work that returns the `HubFile` meant by `owner/name:file`; a unique part of the file's name will do.

    Raises:
        ModelError: None or several are meant; names those there are.
        DownloadError, NetworkRefused: As `files`.
    """

    def work(cancel: Cancel) -> Generator[None, None, HubFile]:
        repository_id, _colon, wanted = reference.partition(":")
        there: list[HubFile] = yield from files(repository_id, net=net)(cancel)
        exact = [file for file in there if file.path == wanted]
        alike = [file for file in there if wanted.casefold() in file.path.casefold()]
        found = exact or alike
        if wanted and len(found) == 1:
            return found[0]
        names = listed(file.path for file in (found if wanted and found else there))
        text = (
            _("{repository} has no GGUF file.").format(repository=repository_id)
            if not there
            else _("Say which file of {repository}: “{repository}:FILE”.").format(repository=repository_id)
        )
        raise ModelError(text, _("There are: {names}.").format(names=names) if there else "")

    return work


def header_of(file: HubFile, *, net: Net) -> Work:
    """Work that reads the header of a file by fetching its first megabytes; yields bytes, returns a `Header`.

    Raises:
        ModelFileError: It is no usable model.
        DownloadError, NetworkRefused: As `files`.
    """

    def work(_cancel: Cancel) -> Generator[int, None, Header]:
        with TemporaryDirectory(prefix="teahouse-", ignore_cleanup_errors=True) as folder:
            path = Path(folder, "model.gguf")  # never by a stranger's name
            for count_bytes in BEGINNINGS:
                yield from net.hub_beginning(
                    file.repository.id, file.path, revision=file.revision, path=path, count_bytes=count_bytes
                )
                try:
                    header = read_beginning(path, size_bytes=file.size_bytes)
                except ModelFileError as error:  # by the name that people see, not by the one it has here
                    raise file_error(Path(file.path), error.data["reason"], error.hint) from error
                if header is not None:
                    return header
        raise file_error(Path(file.path), _("its header is longer than can be read from afar"), "")

    return work


# --- fetching ---------------------------------------------------------------------------------------


def to_entry(file: HubFile) -> Entry:
    """The file as an entry of the catalogue, so that it is fetched, resumed and checked like one."""
    repository = file.repository
    return Entry(
        key=file.reference,
        name=file.name,
        parameters=repository.parameters,
        size_bytes=file.size_bytes,
        licence=repository.licence,
        sha256=file.sha256,
        languages=repository.languages,
        file=PurePosixPath(file.path).name,
        sources=(HubSource(repository.id, file.path, file.revision),),
        context_length=repository.context_length,
    )


def names_here(repository_id: str, file: str) -> tuple[str, str]:
    """What a file may be called in the models folder: as it is, or where that name is taken, by its owner."""
    return file, f"{repository_id.replace('/', '.')}.{file}"


def fetch_file(file: HubFile, *, folder: Path, net: Net) -> Work:
    """`download.fetch` for a file of the hub; never in the place of another file of that name.

    Raises:
        ModelError: The file cannot be used here, or its name is taken twice over.
        DownloadError, NetworkRefused: As `download.fetch`.
    """

    def work(cancel: Cancel) -> Generator[DownloadProgress, None, Path]:
        if file.problem:
            raise ModelError(
                _("{file} cannot be used: {reason}.").format(file=file.reference, reason=file.problem)
            )
        entry = yield from _named(to_entry(file), file.repository.id, folder)
        path: Path = yield from fetch(entry, folder=folder, net=net, may_replace=False)(cancel)
        return path

    return work


def _named(entry: Entry, repository_id: str, folder: Path) -> Generator[DownloadProgress, None, Entry]:
    """The entry under a name that is free, or that this very file has already."""
    for name in names_here(repository_id, entry.file):
        path = folder / name
        if not os.path.lexists(path) or (yield from _is_same(path, entry)):
            return replace(entry, file=name)
    raise taken_error(path)


def _is_same(path: Path, entry: Entry) -> Generator[DownloadProgress, None, bool]:
    if not path.is_file() or path.stat().st_size != entry.size_bytes:
        return False
    steps = hash_file(path)
    while True:
        try:
            yield DownloadProgress("", next(steps), entry.size_bytes)
        except StopIteration as done:
            return bool(done.value == entry.sha256)


# --- what comes back --------------------------------------------------------------------------------


def _asked(net: Net, path: str, name: str = "") -> Generator[None, None, Any]:
    answering: Answering = net.hub_answer(path)
    try:
        while True:
            try:
                next(answering)
            except StopIteration as done:
                return done.value
            yield
    except DownloadError as error:
        is_missing = error.text in ("HTTP 401", "HTTP 404") and name
        text = (
            _("{host} has no repository {name} that everybody may see.")
            if is_missing
            else _("{host} could not be asked: {reason}.")
        )
        hint = "" if is_missing else _("Check the connection and try again.")
        raise DownloadError(text.format(host=net.hub_host, name=name, reason=error.text), hint) from error
    finally:
        answering.close()


def _not_understood(net: Net) -> AppError:
    return DownloadError(
        _("{host} could not be asked: {reason}.").format(
            host=net.hub_host, reason=_("the answer cannot be understood")
        ),
        _("If models.hub_endpoint names a mirror, it may not offer a search."),
    )


def _check_id(repository_id: str) -> None:
    if not is_repository_id(repository_id):
        raise ModelError(
            _("“{name}” is no repository: its name looks like “owner/name”.").format(name=repository_id)
        )
