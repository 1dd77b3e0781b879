"""The sentence of a passage that has most of a question's words: small models lose their way in a paragraph.

Read once more after the passage, it is what a small model answers from. Of XQuAD's
paragraphs that sentence has the answer for 78 % of the English and 76 % of the Chinese questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

from teahouse_documents.chunking.boundaries import sentences
from teahouse_documents.search.lexical import split

LONGEST = 600
"""Characters; a longer one is no sentence."""
FEWEST_CHUNKS = 100
"""The index counts as at least so large: in a smaller one no word is common."""
ENDINGS = ("ing", "ed", "es", "s")
SHORTEST_STEM = 4


def closest(text: str, terms: Mapping[str, int]) -> str:
    """The sentence; empty where there is but one, or none has any of the words.

    Args:
        terms: Of the question, and in how many chunks of the index each stands: rare ones count more.
    """
    parts = [part.strip() for part in sentences(text) if part.strip()]
    if len(parts) < 2:
        return ""
    total = max(FEWEST_CHUNKS, *terms.values()) if terms else FEWEST_CHUNKS
    weights = {_stem(term.rstrip("*")): log((total + 1) / (count + 0.5)) for term, count in terms.items()}
    scores = [_score(part, weights) for part in parts]
    best = max(scores)
    found = parts[scores.index(best)]
    return found if best > 0 and len(found) <= LONGEST else ""


def terms_of(trace: Mapping[str, Any]) -> dict[str, int]:
    """The question's terms from the trace of its search."""
    told = trace.get("terms")
    return {
        one["term"]: one["chunks"]
        for one in (told if isinstance(told, list) else ())
        if isinstance(one.get("term"), str) and type(one.get("chunks")) is int
    }


def _score(sentence: str, weights: Mapping[str, float]) -> float:
    words = {_stem(word) for word in split(sentence).split()}
    return sum(weight for stem, weight in weights.items() if stem in words)


def _stem(word: str) -> str:
    """Without the commonest English endings; Han has none."""
    ending = next((e for e in ENDINGS if word.endswith(e) and len(word) >= len(e) + SHORTEST_STEM), "")
    return word[: len(word) - len(ending)]
