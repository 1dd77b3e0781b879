"""Repeats, contradictions and secrets are noticed."""

from __future__ import annotations

import pytest

from teahouse_training.data import checks
from teahouse_training.data.rows import Data, Row, dialogue


def data_of(*pairs: tuple[str, str]) -> Data:
    return Data("rows", "sft", [Row(line, dialogue(pair)) for line, pair in enumerate(pairs, 1)])


def test_repeats_are_left_out_and_contradictions_told() -> None:
    data = data_of(("Who?", "I."), ("who", "I"), ("Who?", "You."), ("Why?", "So."))
    checks.check(data, keeps_secrets=False)
    assert [row.line for row in data.rows] == [1, 3, 4]
    assert [(i.line, i.trouble, i.detail, i.is_left_out) for i in data.issues] == [
        (2, "duplicate", "1", True),
        (3, "contradiction", "1", False),
    ]
    assert "line 1" in data.issues[0].text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("-----BEGIN RSA " + "PRIVATE KEY-----", "private key"),
        ("token sk-" + "a1B2" * 8, "access key"),
        ("ghp_" + "x" * 36, "access key"),
        ("My password is Tea4two!", "password"),
        ("密码：chaguan2024", "password"),
        ("Pay with 4111 1111 1111 1111 please", "card number"),
    ],
)
def test_what_looks_secret_is_left_out_unless_wanted(text: str, name: str) -> None:
    data = data_of(("Q?", text), ("Plain?", "Plain."))
    checks.check(data, keeps_secrets=False)
    assert [row.line for row in data.rows] == [2]
    assert data.issues[0].trouble == "secret" and name in data.issues[0].reason
    kept = data_of(("Q?", text))
    checks.check(kept, keeps_secrets=True)
    assert kept.rows and not kept.issues[0].is_left_out


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password yesterday.",
        "The password is written down.",
        "Call 555-123-4567.",
        "密码是什么？",
        "ISBN 978-3-16-148410-0",
        "1234 5678 9012 3456",
    ],
)
def test_what_only_speaks_of_secrets_stays(text: str) -> None:
    data = data_of(("Q?", text))
    checks.check(data, keeps_secrets=False)
    assert data.rows and not data.issues


def test_questions_with_different_answers_come_first() -> None:
    rows = data_of(("A?", "1"), ("B?", "1"), ("C?", "2"), ("D?", "3")).rows
    assert [row.question for row in checks.different(rows, 3)] == ["A?", "C?", "D?"]
    assert [row.question for row in checks.different(rows, 9)] == ["A?", "C?", "D?", "B?"]
