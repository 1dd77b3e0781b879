"""The values that travel through the house."""

from __future__ import annotations

import dataclasses
import inspect

import pytest

from teahouse import messages
from teahouse.messages import Message, Part

VALUES = [c for _name, c in inspect.getmembers(messages, dataclasses.is_dataclass)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_every_value_is_frozen(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert hasattr(value, "__slots__")


def test_the_text_of_a_message_is_its_text_parts() -> None:
    parts = (
        Part("text", "one "),
        Part("error", "the engine died"),
        Part("summary", "s"),
        Part("text", "two"),
    )
    message = Message("m", "c", None, "assistant", "partial", 0, parts)
    assert message.text == "one two"


def test_a_part_is_trusted_unless_it_says_otherwise() -> None:
    assert Part("text", "x").is_trusted
    assert not Part("text", "x", source="a.pdf", is_trusted=False).is_trusted
