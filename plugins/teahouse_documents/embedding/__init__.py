"""Texts into vectors: which embedders there are; the child that runs one is in `running`, with numpy."""

from teahouse_documents.embedding.choice import DEFAULT_KEY, available, choose, from_json, to_json

__all__ = ["DEFAULT_KEY", "available", "choose", "from_json", "to_json"]
