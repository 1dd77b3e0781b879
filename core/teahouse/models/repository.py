"""Repositories of a hub with their GGUF files, as its answers tell them.

What a hub answers is a stranger's: every field is checked and bounded, and what is not sound is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from teahouse.language import _
from teahouse.models.catalogue import PATTERNS
from teahouse.models.quantization import FILE_TYPES

FILES_AT_MOST = 500
LONGEST_TEXT = 200
FIELDS = ("author", "cardData", "downloads", "gated", "gguf", "likes", "lastModified")
"""What of a repository is asked for in a search."""
PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$", re.IGNORECASE)
SIDE = re.compile(r"mmproj|imatrix|(^|[-_.])(lora|adapter)([-_.]|$)", re.IGNORECASE)
"""Files that accompany a model and are none."""
QUANTIZATION = re.compile(
    r"(?<![A-Za-z0-9])({})(?![A-Za-z0-9])".format(
        "|".join(sorted(FILE_TYPES.values(), key=len, reverse=True))
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with GGUF files.

    Attributes:
        id: `owner/name`.
        licence: As its card says; empty where it says none.
        parameters: 0 where the hub does not know.
        context_length: Tokens the model was trained to keep in view; 0 where the hub does not know.
        changed: Date of the last change, `2026-03-01`; empty where the hub does not say.
        is_gated: Whether its files are only for people who have agreed to something there.
    """

    id: str
    downloads: int = 0
    likes: int = 0
    licence: str = ""
    languages: tuple[str, ...] = ()
    architecture: str = ""
    parameters: int = 0
    context_length: int = 0
    changed: str = ""
    is_gated: bool = False


@dataclass(frozen=True, slots=True)
class HubFile:
    """A GGUF file of a repository.

    Attributes:
        path: Within the repository.
        revision: The commit that was looked at, so that what is fetched is what was shown.
        sha256: As the hub states it; a file without it is not offered.
        quantization: By its name, `Q4_K_M`; empty where that says nothing.
        problem: Why it cannot be used here; empty for a sound one.
    """

    repository: Repository
    path: str
    revision: str
    size_bytes: int
    sha256: str
    quantization: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """What the model will be called here."""
        return PurePosixPath(self.path).stem

    @property
    def reference(self) -> str:
        """What people type to fetch it: `owner/name:file.gguf`."""
        return f"{self.repository.id}:{self.path}"


def read_repository(row: object) -> Repository | None:
    """A repository from one row of an answer; None for what is none."""
    if not isinstance(row, dict):
        return None
    repository_id = _text(row, "id")
    if not is_repository_id(repository_id):
        return None
    card, gguf = _mapping(row, "cardData"), _mapping(row, "gguf")
    changed = re.match(r"\d{4}-\d{2}-\d{2}", _text(row, "lastModified"))
    return Repository(
        repository_id,
        _count(row, "downloads"),
        _count(row, "likes"),
        _licence(card),
        tuple(_languages(card)),
        _text(gguf, "architecture"),
        _count(gguf, "total"),
        _count(gguf, "context_length"),
        changed[0] if changed else "",
        row.get("gated") not in (None, False),
    )


def read_files(repository: Repository, row: Mapping[str, Any]) -> Iterator[HubFile]:
    """The GGUF files of a repository from the answer that tells them, those that cannot be used too."""
    siblings, revision = row.get("siblings"), revision_of(row)
    if not isinstance(siblings, list) or not revision:
        return
    for row in siblings[:FILES_AT_MOST]:
        path = _text(row, "rfilename") if isinstance(row, dict) else ""
        if not path.lower().endswith(".gguf") or SIDE.search(PurePosixPath(path).name):
            continue
        lfs = _mapping(row, "lfs")
        size, sha256 = _count(lfs, "size") or _count(row, "size"), _text(lfs, "sha256")
        found = QUANTIZATION.search(PurePosixPath(path).stem)
        problem = _problem(repository, path, size, sha256)
        yield HubFile(repository, path, revision, size, sha256, found[1].upper() if found else "", problem)


def revision_of(row: Mapping[str, Any]) -> str:
    """The commit that an answer is about; empty where it names none."""
    revision = _text(row, "sha")
    return revision if re.fullmatch(PATTERNS["revision"], revision, re.ASCII) else ""


def is_repository_id(text: str) -> bool:
    """Whether it is `owner/name`; nothing else is put into an address."""
    return bool(re.fullmatch(PATTERNS["repo"], text, re.ASCII)) and ".." not in text


def _problem(repository: Repository, path: str, size_bytes: int, sha256: str) -> str:
    if PART.search(path):
        return _("it is one part of a model in several files")
    if repository.is_gated:
        return _("its files are only for people who have agreed to its terms on the hub's own page")
    if not re.fullmatch(PATTERNS["sha256"], sha256) or not size_bytes:
        return _("the hub states no size or no SHA-256 for it")
    # in capitals too: `tiny.GGUF` is as good
    is_plain = re.fullmatch(PATTERNS["file"], PurePosixPath(path).name, re.ASCII | re.IGNORECASE)
    if not is_plain or ".." in PurePosixPath(path).parts or path.startswith("/"):
        return _("its name cannot be used for a file here")
    return ""


def _licence(card: Mapping[str, Any]) -> str:
    licence = card.get("license_name") if card.get("license") == "other" else card.get("license")
    value = licence[0] if isinstance(licence, list) and licence else licence
    return _plain(value)


def _languages(card: Mapping[str, Any]) -> Iterator[str]:
    value = card.get("language")
    for code in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(code, str) and re.fullmatch(PATTERNS["language"], code):
            yield code


def _mapping(row: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    value = row.get(field)
    return value if isinstance(value, dict) else {}


def _text(row: Mapping[str, Any], field: str) -> str:
    return _plain(row.get(field))


def _plain(value: object) -> str:
    """A short text of one line; empty for anything else."""
    is_good = isinstance(value, str) and value.isprintable() and len(value) <= LONGEST_TEXT
    return str(value) if is_good else ""


def _count(row: Mapping[str, Any], field: str) -> int:
    value = row.get(field)
    return value if type(value) is int and 0 <= value < 1 << 62 else 0
