"""Questions that need the ones before them."""

from __future__ import annotations

import pytest

from teahouse_documents.retrieval.follow_up import needs_earlier, with_earlier


@pytest.mark.parametrize(
    "question",
    ["When was it built?", "And its height?", "Why?", "Who designed it?", "它有多高？", "什么时候建成的？",
     "为什么？",
     "那它的材料呢？"],
)  # fmt: skip
def test_short_and_pointing_questions_need_earlier_ones(question: str) -> None:
    assert needs_earlier(question)


@pytest.mark.parametrize(
    "question",
    ["Who built the lighthouse of Skarholm?", "How heavy was the weight of the clockwork?",
     "What did the committee decide about its budget for the new school in Torvik?",
     "谁建造了斯卡霍尔姆灯塔？", "钟表机构的重锤有多重？", "Is there a train on Sunday morning?"],
)  # fmt: skip
def test_whole_questions_stand_alone(question: str) -> None:
    assert not needs_earlier(question)


def test_the_words_before_are_added_as_far_back_as_needed() -> None:
    earlier = ["What is sourdough?", "Who built the lighthouse of Skarholm?", "And when?"]
    assert with_earlier("Why?", earlier) == "Who built the lighthouse of Skarholm?\nAnd when?\nWhy?"
    assert with_earlier("How long does bread keep in linen?", earlier) == "How long does bread keep in linen?"
    assert with_earlier("Why?", []) == "Why?"
    assert len(with_earlier("Why?", ["it " * 9_999])) < 500
