"""Whether anything fits, from scores."""

from __future__ import annotations

from typing import Any

import pytest

from teahouse_documents.retrieval.calibrated import LIMITS, SCALES
from teahouse_documents.retrieval.fitting import judge


def fit(share: float | None, again: float | None, *, has_words: bool = True) -> dict[str, Any]:
    return {"share": share, "again": again, "has_words": has_words, "cosine": 0.8}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_usual_for_answers_fits_and_what_is_far_below_does_not(language: str) -> None:
    usual = {name: mean for name, (mean, _deviation) in SCALES[language].items()}
    low = {name: mean - 3 * deviation for name, (mean, deviation) in SCALES[language].items()}
    good, bad = judge(fit(**usual), language), judge(fit(**low), language)
    assert good.is_fitting and good.score == 0.0 and good.by == ("share", "again")
    assert not bad.is_fitting and bad.limit == LIMITS[language]["share", "again"]


def test_one_score_decides_where_the_other_is_not_known() -> None:
    assert judge(fit(0.9, None), "en").by == ("share",)
    assert judge(fit(0.9, None), "en").is_fitting
    assert not judge(fit(0.05, None), "en").is_fitting
    assert judge(fit(None, 0.8, has_words=False), "zh").by == ("again",)
    assert judge(fit(None, 0.8, has_words=False), "zh").is_fitting
    assert not judge(fit(None, 0.7, has_words=False), "zh").is_fitting


@pytest.mark.parametrize("told", [{}, fit(None, None), {"share": "x", "again": [], "has_words": True}])
def test_where_nothing_is_known_nothing_fits(told: dict[str, Any]) -> None:
    assert not judge(told, "en").is_fitting
