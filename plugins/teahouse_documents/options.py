"""What the documents child is told by the app: who embeds, who reads, what is left out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from teahouse.errors import AppError
from teahouse.language import active
from teahouse_documents.scanning.ignore import patterns
from teahouse_documents.settings import IGNORE, OCR, SERVER, WATCH
from teahouse_documents.values import Record

if TYPE_CHECKING:
    from teahouse.app import App


@dataclass(frozen=True, slots=True)
class Options(Record):
    """Of one run of the child; crosses the pipe.

    Attributes:
        embedder: JSON of `Embedder`; None where there is none.
        why_none: Why there is none: text and hint.
        reranker: JSON of `Reranker`; None where none was named.
        why_not_reranked: Why the named one cannot be used: text and hint.
        loaders: JSON of every `Loader`.
        own: Folders of the app, which are never indexed.
        server: Address of a chroma server; empty for none.
        language: In which it says why a file cannot be read; empty for the one it was started with.
    """

    embedder: dict[str, Any] | None = None
    why_none: tuple[str, ...] = ()
    loaders: tuple[dict[str, Any], ...] = ()
    ocr_languages: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    is_watched: bool = True
    server: str = ""
    own: tuple[str, ...] = ()
    reranker: dict[str, Any] | None = None
    why_not_reranked: tuple[str, ...] = ()
    language: str = ""


def options_of(app: App) -> Options:
    """What holds now, by the app's settings, models and plugins."""
    from teahouse_documents.embedding.choice import choose, to_json
    from teahouse_documents.loaders.builtin import LOADERS
    from teahouse_documents.loaders.choice import loader_as_json
    from teahouse_documents.search import reranker

    embedder, why_none = None, tuple[str, ...]()
    try:
        embedder = to_json(choose(app))
    except AppError as error:
        why_none = (error.text, error.hint)
    ranks, why_not = None, tuple[str, ...]()
    try:
        found = reranker.choose(app)
        ranks = found.as_json() if found else None
    except AppError as error:
        why_not = (error.text, error.hint)
    brought = [loader for _plugin, loader in app.plugins.call_each("register_loaders")]
    settings = app.settings
    return Options(
        embedder,
        why_none,
        tuple(loader_as_json(loader) for loader in [*LOADERS, *brought]),
        tuple(str(settings.get(OCR)).replace("+", " ").split()),
        tuple(patterns(str(settings.get(IGNORE)))),
        bool(settings.get(WATCH)),
        allowed_server(app),
        tuple(str(folder) for folder in own_folders(app)),
        ranks,
        why_not,
        active(),
    )


def allowed_server(app: App) -> str:
    """Address of the chroma server to use; none while `net.offline` is on, unless it is this machine."""
    address = str(app.settings.get(SERVER))
    is_here = urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1")
    return address if is_here or not app.settings.get("net.offline") else ""


def own_folders(app: App) -> list[Path]:
    """Folders of the app; a person may well add the folder that they lie in."""
    paths = app.paths
    return sorted({paths.config, paths.data, paths.cache, paths.logs})
