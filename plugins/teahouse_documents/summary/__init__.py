"""A whole document in a few words: its parts one by one, then their summaries together (map–reduce)."""

from teahouse_documents.summary.steps import Made, Step
from teahouse_documents.summary.work import summarise_file

__all__ = ["Made", "Step", "summarise_file"]
