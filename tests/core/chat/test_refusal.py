"""What is said when something does not fit."""

from __future__ import annotations

import pytest

from teahouse.chat.refusal import NAMED_AT_MOST, refusal


@pytest.mark.parametrize("is_system_long", [False, True])
def test_attached_files_are_named_and_the_hint_says_to_attach_less(is_system_long: bool) -> None:
    error = refusal(900, 512, files=["tea.txt", "leaves.csv"], is_system_long=is_system_long)
    assert error.hint.startswith("The message carries tea.txt, leaves.csv. Attach less")
    assert ("system prompt" in error.hint) is is_system_long
    assert "900" in error.text and "512" in error.text


def test_many_files_are_not_all_named() -> None:
    error = refusal(900, 512, files=[f"{number}.txt" for number in range(NAMED_AT_MOST + 5)])
    assert f"{NAMED_AT_MOST - 1}.txt, …" in error.hint
    assert f"{NAMED_AT_MOST}.txt" not in error.hint


def test_files_are_named_where_old_messages_could_be_left_out() -> None:
    error = refusal(900, 512, files=["tea.txt"], could_be_cut=True)
    assert error.hint.startswith("The message carries tea.txt. Start a new conversation")


def test_without_files_none_are_spoken_of() -> None:
    assert "ttach" not in refusal(900, 512).hint
