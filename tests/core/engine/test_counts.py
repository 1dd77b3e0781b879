"""Counts are asked once."""

from __future__ import annotations

from teahouse.engine.counts import Counts


class Asked:
    """Counts characters, and remembers what it was asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, texts: list[str]) -> list[int]:
        self.texts += texts
        return [len(text) for text in texts]


def test_only_what_is_new_is_asked() -> None:
    counts, asked = Counts(), Asked()
    assert counts.of(["tea", "oolong", "tea"], asked) == [3, 6, 3]
    assert counts.of(["oolong", "green", "tea"], asked) == [6, 5, 3]
    assert asked.texts == ["tea", "oolong", "green"]
    assert counts.of([], asked) == []


def test_the_longest_unused_are_forgotten() -> None:
    counts, asked = Counts(kept_at_most=2), Asked()
    for text in ("a", "bb", "a", "ccc", "a", "bb"):
        assert counts.of([text], asked) == [len(text)]
    assert asked.texts == ["a", "bb", "ccc", "bb"]


def test_more_texts_than_are_kept_are_all_counted() -> None:
    texts = ["x" * number for number in range(50)]
    assert Counts(kept_at_most=5).of(texts, Asked()) == list(range(50))


def test_lone_surrogates_are_texts_too() -> None:
    assert Counts().of(["\ud800", "\udfff"], Asked()) == [1, 1]
