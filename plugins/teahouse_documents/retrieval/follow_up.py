"""A question that only makes sense after the one before gets the words of that one, to be searched with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from teahouse.search.words import compose, cut, fold
from teahouse_documents.search.stop_words import STOP_WORDS

FEW_TERMS = 1
"""Telling words of a question in a script with spaces that alone do not say what is asked about."""
FEW_HAN = 3
MANY_TERMS, MANY_HAN = 4, 12
"""A longer question says enough, even where it points at something."""
MOST_BACK = 3
MOST_CHARS = 400
"""Of an earlier question; a pasted page would drown the new one."""

POINTING = re.compile(
    r"\b(it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|"
    r"the (?:former|latter|same|other|others)|what about|how about)\b",
    re.IGNORECASE,
)
POINTING_HAN = re.compile(r"[它他她其]|这个|那个|这些|那些|这里|那里|该(?!怎|如)|前者|后者|呢[？?]?\s*$")
EMPTY_HAN = re.compile(
    r"什么时候|为什么|什么|怎么样|怎样|怎么|如何|哪一年|哪些|哪里|哪个|哪|谁|几点|多少|多久|几|是不是|有没有|"
    r"请问|那么|那|的|了|吗|呢|是|在|有|和|又|还|也"
)


def needs_earlier(question: str) -> bool:
    """Whether a question points at something before it, or is too short to say what it is about."""
    if any(character >= "\u3400" for character in question):
        han = sum(1 for character in EMPTY_HAN.sub("", question) if character.isalpha())
        return han <= (MANY_HAN if POINTING_HAN.search(question) else FEW_HAN)
    terms = sum(1 for piece in cut(fold(compose(question))) if piece.text not in STOP_WORDS)
    return terms <= (MANY_TERMS if POINTING.search(question) else FEW_TERMS)


def with_earlier(question: str, earlier: Sequence[str]) -> str:
    """What is searched for a question: where it needs them, the questions before it stand before it.

    Args:
        earlier: The person's questions before it, oldest first.
    """
    used = [question]
    for before in list(reversed(earlier))[:MOST_BACK]:
        if not needs_earlier(used[0]):
            break
        used.insert(0, before[:MOST_CHARS])
    return "\n".join(used)
