"""Which reranker is used: a model that a person has and has named; there is none otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teahouse import Translator
from teahouse.errors import ModelError
from teahouse_documents.settings import RERANKER
from teahouse_documents.values import Record

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.header import Header
    from teahouse.models.library import Model

_ = Translator("teahouse_documents")

RANK = 4
"""`enum llama_pooling_type`: the file is meant for ranking."""
HEADS = ("cls.weight", "cls.output.weight")
"""What makes a score of the network's output; at least one of them."""


@dataclass(frozen=True, slots=True)
class Reranker(Record):
    """A GGUF that says how well a text answers a question; crosses the pipe.

    Attributes:
        name: What people see and choose.
        path: Of its file.
    """

    name: str
    path: str


def choose(app: App) -> Reranker | None:
    """The one in force; None where none was named.

    Raises:
        ModelError: It is not here, or it is no reranker.
    """
    wanted = str(app.settings.get(RERANKER))
    return of_model(app.models.find(wanted)) if wanted else None


def available(app: App) -> list[str]:
    """Names of the rerankers among the models here."""
    return [model.name for model in app.models.list() if not model.problem and is_reranker(model.header)]


def is_reranker(header: Header | None) -> bool:
    """Whether a file is meant for ranking, or has what ranks."""
    return header is not None and (_is_declared(header) or has_head(header))


def has_head(header: Header) -> bool:
    """Whether a file has what makes a score; without it llama.cpp gives numbers that mean nothing."""
    return any(tensor.name in HEADS for tensor in header.tensors)


def of_model(model: Model) -> Reranker:
    """The reranker that a GGUF file is.

    Raises:
        ModelError: It is none, or has lost what ranks when it was converted.
    """
    header = model.header
    if header is not None and _is_declared(header) and not has_head(header):
        raise ModelError(
            _("“{name}” is meant for ranking, but its file has lost what ranks.").format(name=model.name),
            _("Look for another file of this model: some were converted without it."),
            model=model.name,
        )
    if header is None or model.path is None or not has_head(header):
        raise ModelError(
            _("“{name}” is no reranker.").format(name=model.name),
            _("Choose a GGUF that was made for ranking, such as bge-reranker-v2-m3, or none."),
            model=model.name,
        )
    return Reranker(model.name, str(model.path))


def _is_declared(header: Header) -> bool:
    keys = (f"{header.architecture}.pooling_type", f"{header.architecture}.classifier.pooling_type")
    return any(header.number(key) == RANK for key in keys)
