"""What the line below a reply says while something is summarised."""

from __future__ import annotations

from teahouse.messages import Summarising
from teahouse_desktop.chat.replies import describe


def test_earlier_messages_and_a_document_are_told_apart() -> None:
    assert describe(Summarising("r", 1, 4)) == "Summarising earlier messages … 25 %"
    assert describe(Summarising("r", 1, 4, "plan.pdf")) == "Summarising plan.pdf … 25 %"
