"""Words of questions that say nothing about what is asked; they are not searched."""

from __future__ import annotations

_ENGLISH = (
    "a about an and any are as at be been but by can could did do does for from had has have how i if in "
    "into is it its many me much my no not of on or our s should such t that the their then there these "
    "they this those to us was we were what when where which who whom whose why will with would you your"
)
_CHINESE = (
    "什么 哪些 哪个 哪里 如何 怎么 怎样 为什 多少 是否 是什 么是 的是 是谁 有多 了什 有什 的什 在哪 请问"
)

STOP_WORDS = frozenset((*_ENGLISH.split(), *_CHINESE.split()))
"""Folded, as the index has them; of Chinese the pairs that a question is made of."""
