"""Which embedder is used: the one a person has named, or multilingual-e5-small."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.errors import ModelError
from teahouse.models import catalogue
from teahouse.models.identity import model_hash
from teahouse.models.library import Model
from teahouse.passages import Embedder
from teahouse_documents.embedding.prefixes import prefixes_of
from teahouse_documents.search.reranker import is_reranker
from teahouse_documents.settings import EMBEDDER

if TYPE_CHECKING:
    from teahouse.app import App

_ = Translator("teahouse_documents")

DEFAULT_KEY = "e5-small"
"""Of the catalogue: multilingual-e5-small, which knows Chinese and English among a hundred languages."""
MOST_TOKENS = 512
"""The engine reads no longer text at once; see `teahouse.engine.llama.embedding`."""


def choose(app: App) -> Embedder:
    """The embedder in force, its `model` the path of its file.

    Raises:
        ModelError: It is not here; `data["key"]` names the catalogue's entry that can be fetched, if it is
            the usual one.
    """
    wanted = str(app.settings.get(EMBEDDER))
    brought = _brought(app)
    if wanted in brought:
        return _resolved(app, brought[wanted])
    if not wanted:
        wanted = catalogue.find(DEFAULT_KEY).name
        if all(model.name != wanted or model.problem for model in app.models.list()):
            raise ModelError(
                _("There is no embedding model yet, so documents are found by their words only."),
                _("Fetch it once: teahouse models get {key}").format(key=DEFAULT_KEY),
                key=DEFAULT_KEY,
                model=wanted,
            )
    return of_model(app.models.find(wanted))


def available(app: App) -> list[str]:
    """Names that can be chosen: embedding models here, and what plugins bring."""
    here = [model for model in app.models.list() if not model.problem]
    return [*(model.name for model in here if is_embedder(model)), *_brought(app)]


def is_embedder(model: Model) -> bool:
    """Whether a file turns text into vectors: it cannot write, or says that it pools what it reads."""
    header = model.header
    if header is None or is_reranker(header):
        return False
    return header.kind == "embedder" or header.number(f"{header.architecture}.pooling_type") > 0


def of_model(model: Model) -> Embedder:
    """The embedder that a GGUF file is.

    Raises:
        ModelError: It is no embedding model.
    """
    header = model.header
    if header is None or model.path is None or not is_embedder(model):
        raise ModelError(
            _("“{name}” is no embedding model.").format(name=model.name),
            _("Choose one that turns text into vectors, such as multilingual-e5-small."),
            model=model.name,
        )
    query, passage = prefixes_of(header.name, model.path.stem, model.name)
    return Embedder(
        model.name,
        header.embedding_length,
        model=str(model.path),
        query_prefix=query,
        passage_prefix=passage,
        identity=f"{model_hash(model.path)[:32]} {query!r} {passage!r}",
        most_tokens=min(header.context_length or MOST_TOKENS, MOST_TOKENS),
    )


def to_json(embedder: Embedder) -> dict[str, Any]:
    """An embedder as it crosses a pipe."""
    return asdict(embedder)


def from_json(value: Mapping[str, Any]) -> Embedder:
    """The embedder that `to_json` wrote."""
    return Embedder(**{f.name: value[f.name] for f in fields(Embedder) if f.name in value})


def _brought(app: App) -> dict[str, Embedder]:
    """What plugins bring, by name."""
    found = app.plugins.call_each("register_embedders")
    return {embedder.name: embedder for _plugin, embedder in found}


def _resolved(app: App, embedder: Embedder) -> Embedder:
    """A plugin may name a model of the library, with prefixes of its own."""
    if embedder.entry:
        return embedder
    own = of_model(app.models.find(embedder.model))
    query, passage = embedder.query_prefix, embedder.passage_prefix
    return Embedder(
        embedder.name,
        own.dimension,
        model=own.model,
        query_prefix=query,
        passage_prefix=passage,
        identity=embedder.identity or f"{own.identity.split()[0]} {query!r} {passage!r}",
        most_tokens=min(own.most_tokens, embedder.most_tokens),
    )
