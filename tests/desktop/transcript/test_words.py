"""What the line of statistics says of the limit that has ended a reply."""

from __future__ import annotations

import pytest

from teahouse.messages import Usage
from teahouse_desktop.transcript.words import describe_generation
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
