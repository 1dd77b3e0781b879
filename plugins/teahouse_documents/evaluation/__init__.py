"""How well questions find their paragraphs: `teahouse docs eval` and the recall that is measured."""

from teahouse_documents.evaluation.work import Step, evaluate

__all__ = ["Step", "evaluate"]
