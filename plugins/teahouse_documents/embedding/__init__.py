"""Texts into vectors: which embedders there are, and the child process that runs one."""

from teahouse_documents.embedding.choice import DEFAULT_KEY, available, choose, from_json, to_json
from teahouse_documents.embedding.running import Embedding

__all__ = ["DEFAULT_KEY", "Embedding", "available", "choose", "from_json", "to_json"]
