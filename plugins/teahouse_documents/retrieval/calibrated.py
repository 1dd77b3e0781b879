"""What the gate was fitted to: scores of questions whose answer is there.

Made from 60 English and 60 Chinese questions of our own wording over 20 paragraphs of each language
(tests/data/questions.en.json, questions.zh.json), with multilingual-e5-small, by `Trial.fits`: the mean and
the standard deviation of each score where the paragraph is there, and the limit halfway between the fifth
and the sixth lowest mean in standard deviations (5 of 60 lie below; of fewer the limit would be chance).
`foreign`: the Chinese questions over the English paragraphs, of which no word stands there. Tested on other
data: docs/documents.md. With another embedder the scores of the second look lie elsewhere, and the gate is
less sure.
"""

from __future__ import annotations

SCALES: dict[str, dict[str, tuple[float, float]]] = {
    "en": {"share": (0.7587, 0.2465), "again": (0.8526, 0.0369)},
    "zh": {"share": (0.4642, 0.1907), "again": (0.8846, 0.0311)},
    "foreign": {"again": (0.7642, 0.0219)},
}
"""By the kind of question: mean and standard deviation of each score."""

LIMITS: dict[str, dict[tuple[str, ...], float]] = {
    "en": {("share", "again"): -1.279, ("share",): -1.425, ("again",): -1.305},
    "zh": {("share", "again"): -1.29, ("share",): -1.464, ("again",): -1.555},
    "foreign": {("again",): -1.084},
}
"""By the scores that are known: what their mean, in standard deviations, must reach."""
