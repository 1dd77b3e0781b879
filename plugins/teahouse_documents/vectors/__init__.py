"""Nearest vectors: exact in numpy for what is small or filtered, chromadb for what is large, or a server."""

from teahouse_documents.vectors.index import Broken, Hit, VectorIndex
from teahouse_documents.vectors.vectors import SMALL, Vectors

__all__ = ["SMALL", "Broken", "Hit", "VectorIndex", "Vectors"]
