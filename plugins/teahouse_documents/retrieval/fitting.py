"""Whether anything fits a question, decided from scores and not by asking the model.

Each score is told in standard deviations from what it is where the answer is there; their mean is held
against a limit, below which few of the questions lie that can be answered. The second look and
the share of the question's words tell most together. Where no word of the question stands anywhere and the
best passage is in another language, or no embedder is at hand, the other one decides alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from teahouse_documents.retrieval.calibrated import LIMITS, SCALES


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether anything fits.

    Attributes:
        score: In standard deviations; None where nothing could be told.
        limit: What the score must reach.
        by: The scores that decided.
    """

    is_fitting: bool
    score: float | None = None
    limit: float | None = None
    by: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the reply."""
        return {"is_fitting": self.is_fitting, "score": self.score, "limit": self.limit, "by": list(self.by)}


def judge(fit: Mapping[str, Any], language: str) -> Verdict:
    """Whether the best passages fit.

    Args:
        fit: As `search.fit.fit_of` tells it.
        language: Of the question, `en` or `zh`.
    """
    kind = language if fit.get("has_words") else "foreign"
    scales = SCALES[kind]
    told = {name: fit.get(name) for name in scales}
    known = tuple(name for name, value in told.items() if isinstance(value, (int, float)))
    if not known or (kind != "foreign" and known not in LIMITS[kind]):
        return Verdict(False)
    scores = [(float(told[name] or 0.0) - scales[name][0]) / scales[name][1] for name in known]
    score, limit = sum(scores) / len(scores), LIMITS[kind][known]
    return Verdict(score >= limit, round(score, 4), limit, known)
