"""How well questions find their paragraphs: `teahouse docs eval` and the recall that is measured."""

from teahouse_documents.evaluation.steps import Step
from teahouse_documents.evaluation.work import Trying, evaluate

__all__ = ["Step", "Trying", "evaluate"]
