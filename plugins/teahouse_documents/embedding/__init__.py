"""Texts into vectors: which embedders there are, and the child process that runs one."""

from typing import TYPE_CHECKING, Any

from teahouse_documents.embedding.choice import DEFAULT_KEY, available, choose, from_json, to_json

if TYPE_CHECKING:
    from teahouse_documents.embedding.running import Embedding

__all__ = ["DEFAULT_KEY", "Embedding", "available", "choose", "from_json", "to_json"]


def __getattr__(name: str) -> Any:
    """`Embedding` late: it brings numpy, and the app's own process only asks which embedders there are."""
    if name != "Embedding":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from teahouse_documents.embedding.running import Embedding

    return Embedding
