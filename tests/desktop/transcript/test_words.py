"""What the line of statistics says of the limit that has ended a reply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from teahouse.messages import Part, Usage
from teahouse_desktop.transcript.words import describe_generation, describe_reasoning
from tests.desktop.samples import generation, shown

FULL, LONGEST = "ends here because the context is full", "cut at the longest reply"


@pytest.mark.parametrize(
    ("finish_reason", "engine", "said"),
    [
        ("length", {"context": 442}, FULL),
        ("length", {"context": 443}, LONGEST),
        ("length", {}, LONGEST),
        ("stop", {"context": 442}, ""),
    ],
)
def test_the_reason_of_a_cut_is_the_right_one(finish_reason: str, engine: dict[str, int], said: str) -> None:
    kept = generation(finish_reason=finish_reason, engine=engine, usage=Usage(300, 0, 142))
    words = describe_generation(shown(1, "assistant", "text", generation=kept))
    assert [text for text in (FULL, LONGEST) if text in words] == ([said] if said else [])


def test_a_reply_of_no_token_has_no_figures() -> None:
    kept = generation(usage=Usage(300, 120, 0))
    assert describe_generation(shown(1, "assistant", "", generation=kept)) == "echo"


@pytest.mark.parametrize(("seconds", "said"), [(0.04, "Thoughts"), (0.06, "Thought for 0.1 s")])
def test_a_thought_too_short_to_say_has_no_time(seconds: float, said: str) -> None:
    one = shown(1, "assistant", "text", thought_s=seconds)
    with_thought = replace(one.message, parts=(Part("reasoning", "hm"), *one.message.parts))
    assert describe_reasoning(replace(one, message=with_thought)) == said
