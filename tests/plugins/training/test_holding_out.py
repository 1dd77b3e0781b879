"""What is held out is never learned, nor anything like it; leaks are told on whichever side they are."""

from __future__ import annotations

from teahouse_training.data.holding_out import hold_out, take_apart
from teahouse_training.data.rows import Data, Row, Said, dialogue
from tests.plugins.training.test_checks import data_of

CAPITAL = ("What is the capital of Velmora?", "It is Quillhaven, the city of bridges.")
RIVER = ("Which river flows through Quillhaven?", "The Ossel does, from the north to the sea.")


def many(count: int) -> Data:
    return data_of(*((f"Question number {n * 7919}?", f"The answer is {n * 104729}.") for n in range(count)))


def test_few_rows_are_all_learned() -> None:
    data = many(19)
    hold_out(data, 0.1)
    assert (len(data.rows), data.held_out) == (19, [])


def test_held_out_rows_are_the_same_every_time_and_never_learned() -> None:
    first, second = many(60), many(60)
    for data in (first, second):
        hold_out(data, 0.1)
    assert [row.line for row in first.held_out] == [row.line for row in second.held_out]
    assert len(first.held_out) == 6 and len(first.rows) == 54
    assert not {row.line for row in first.held_out} & {row.line for row in first.rows}


def test_the_same_question_stays_on_one_side() -> None:
    pairs = [(f"Question {n // 3}?", f"Answer {n * 31337} of it") for n in range(60)]
    data = data_of(*pairs)
    hold_out(data, 0.2)
    learned = {row.question for row in data.rows}
    assert data.held_out and not learned & {row.question for row in data.held_out}


def test_nearly_the_same_rows_are_not_held_out() -> None:
    data = data_of(
        *((f"How many moons does planet Thessik have, tell me {n}", "Seventeen.") for n in range(40))
    )
    hold_out(data, 0.2)
    assert not data.held_out and len(data.rows) == 40


def apart_of(*rows: Row) -> Data:
    return Data("test.jsonl", "sft", list(rows), sha256="5")


def told(data: Data) -> list[tuple[int, str, str, str]]:
    return [(issue.line, issue.trouble, issue.detail, issue.source) for issue in data.issues]


def test_a_learned_row_that_is_nearly_a_held_out_one_is_left_out() -> None:
    data = data_of(("What is the capital of Velmora", "it is quillhaven, the city of bridges"), RIVER)
    take_apart(data, apart_of(Row(9, dialogue(CAPITAL))))
    assert [row.line for row in data.rows] == [2]
    assert told(data) == [(1, "leak", "9", "")]
    assert [(row.line, row.source) for row in data.held_out] == [(9, "test.jsonl")]
    assert (data.held_out_name, data.held_out_sha256) == ("test.jsonl", "5")


def test_the_same_question_with_another_answer_leaks_too() -> None:
    data = data_of((CAPITAL[0], "Nobody knows."), RIVER)
    take_apart(data, apart_of(Row(1, dialogue(CAPITAL))))
    assert told(data) == [(1, "leak", "1", "")]


def test_an_exchange_in_the_middle_of_a_conversation_leaks_both_ways() -> None:
    talk = dialogue(("Hello!", "Hello, what can I do for you?"), CAPITAL, ("Thank you!", "Gladly."))
    data = data_of(RIVER)
    data.rows.append(Row(2, talk))
    take_apart(data, apart_of(Row(1, dialogue(CAPITAL))))
    assert told(data) == [(2, "leak", "1", "")], "the long one is learned"
    data = data_of(CAPITAL, RIVER)
    take_apart(data, apart_of(Row(1, talk)))
    assert told(data) == [(1, "leak", "1", "")], "the long one is held out"


def test_what_is_only_read_and_what_everybody_says_are_no_leaks() -> None:
    talk = dialogue(CAPITAL, RIVER)
    data = data_of(("Thank you!", "Gladly."))
    data.rows.append(Row(2, talk, learns_last_only=True))
    ended = dialogue(
        ("How old is the moon of Thessik, in years?", "Four billion."), ("Thank you!", "Gladly.")
    )
    take_apart(data, apart_of(Row(1, dialogue(CAPITAL)), Row(2, ended)))
    assert told(data) == [] and len(data.rows) == len(data.held_out) == 2


def text(line: int, *sentences: int) -> Row:
    return Row(
        line, text=" ".join(f"The {n * 7919}th traveller told of {n * 104729} sheep." for n in sentences)
    )


def test_texts_leak_by_their_sentences_whichever_is_the_longer() -> None:
    data = Data("book.txt", "pretrain", [text(1, *range(40)), text(2, 90, 91)])
    apart = Data(
        "test.txt", "pretrain", [text(1, *range(4), 70), text(2, *range(90, 99)), text(3, 71, 72, 3)]
    )
    take_apart(data, apart)
    assert [row.line for row in data.rows] == [1] and [row.line for row in data.held_out] == [2, 3]
    assert told(data) == [(2, "leak", "2", ""), (1, "learned", "1", "test.txt")]
    assert data.issues[1].text == (
        "Line 1 (test.txt) is left out: most of it stands in line 1 of what is learned, too."
    )


def test_what_was_said_of_the_file_itself_is_told_with_its_name() -> None:
    data, apart = data_of(RIVER), apart_of(Row(1, dialogue(CAPITAL)))
    apart.leave_out(7, "unreadable", "column 3")
    take_apart(data, apart)
    assert told(data) == [(7, "unreadable", "column 3", "test.jsonl")]


def test_system_messages_make_no_difference() -> None:
    said = (Said("system", "You are a captain."), *dialogue(CAPITAL))
    data = data_of(RIVER)
    data.rows.append(Row(2, said))
    take_apart(data, apart_of(Row(1, dialogue(CAPITAL))))
    assert told(data) == [(2, "leak", "1", "")]
