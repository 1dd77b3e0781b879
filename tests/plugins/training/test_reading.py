"""Files of every form become rows, and each row that cannot be used is told with its line and a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from teahouse_training.data.reading import read_file, read_typed
from teahouse_training.data.rows import Data, DataError, Kind, Row, Said


def read(tmp_path: Path, name: str, text: str | bytes, kind: Kind = "sft") -> Data:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = file.read_bytes()
    data = read_file(file, kind)
    assert file.read_bytes() == before
    return data


def said(data: Data) -> list[list[tuple[str, str]]]:
    return [[(one.role, one.text) for one in row.messages] for row in data.rows]


def troubles(data: Data) -> list[tuple[int, str, bool]]:
    return [(issue.line, issue.trouble, issue.is_left_out) for issue in data.issues]


PAIR = [("user", "Which tea?"), ("assistant", "Longjing.")]
SYSTEM = ("system", "Be brief.")
FORMS = {
    "openai": {
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Which tea?"}]},
            {"role": "assistant", "content": "Longjing."},
        ]
    },
    "sharegpt": {
        "system": "Be brief.",
        "conversations": [{"from": "human", "value": "Which tea?"}, {"from": "gpt", "value": "Longjing."}],
    },
    "alpaca": {"instruction": "Which tea?", "input": "", "output": "Longjing.", "system": "Be brief."},
    "pair": {"prompt": " Which tea?\n", "completion": "Longjing.", "system": "Be brief."},
    "chinese": {"问题": "Which tea?", "答案": "Longjing.", "系统": "Be brief."},
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_the_same_dialogue(tmp_path: Path, form: str) -> None:
    line = json.dumps(FORMS[form], ensure_ascii=False)
    assert said(read(tmp_path, "a.jsonl", f"{line}\n\n{line}\n")) == [[SYSTEM, *PAIR]] * 2
    array = read(tmp_path, "a.json", f"[\n{line},\n\n{line}\n]")
    assert [row.line for row in array.rows] == [2, 4]
    assert said(array) == [[SYSTEM, *PAIR]] * 2


def test_alpaca_s_input_and_history_are_read(tmp_path: Path) -> None:
    value = {"instruction": "Add", "input": "2 and 3", "output": "5", "history": [["Hello", "Hi"], "odd"]}
    data = read(tmp_path, "a.jsonl", json.dumps(value))
    before = [("user", "Hello"), ("assistant", "Hi")]
    assert said(data) == [[*before, ("user", "Add\n\n2 and 3"), ("assistant", "5")]]


def test_each_bad_row_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    rows = [
        json.dumps(FORMS["pair"]),
        "{broken",
        "[1, 2]",
        '{"colour": "green"}',
        '{"question": "And?"}',
        '{"answer": "Yes."}',
        '{"messages": [{"role": "user", "content": "?"}]}',
        '{"messages": [{"role": "user", "content": "1"}, {"role": "tool", "content": "2"},'
        ' {"role": "assistant", "content": "3"}]}',
        '{"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"},'
        ' {"role": "user", "content": "3"}]}',
        '{"messages": [{"role": "wizard", "content": "1"}, {"role": "assistant", "content": "2"}]}',
    ]
    data = read(tmp_path, "a.jsonl", "\n".join(rows))
    assert troubles(data) == [
        (2, "unreadable", True),
        (3, "unknown", True),
        (4, "unknown", True),
        (5, "no_answer", True),
        (6, "no_question", True),
        (7, "no_answer", True),
        (8, "tools", True),
        (9, "unanswered", False),
        (10, "unknown", True),
    ]
    assert data.total == 10 and [row.line for row in data.rows] == [1, 9]
    assert said(data)[1] == [("user", "1"), ("assistant", "2")]
    assert all(str(issue.line) in issue.text and issue.reason in issue.text for issue in data.issues)
    assert "colour" in data.issues[2].reason and "column" in data.issues[0].reason


def test_an_array_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    line = json.dumps(FORMS["pair"])
    data = read(tmp_path, "a.json", f"[{line},\n{line},\n" + '{"prompt": "x"')
    assert len(data.rows) == 2 and troubles(data) == [(3, "unreadable", True)]


def test_one_object_may_hold_the_rows(tmp_path: Path) -> None:
    assert len(read(tmp_path, "a.json", json.dumps({"data": [FORMS["pair"]] * 3})).rows) == 3
    assert len(read(tmp_path, "a.json", json.dumps(FORMS["sharegpt"], indent=1)).rows) == 1


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_tables_with_and_without_names(tmp_path: Path, mark: str) -> None:
    rows = [["id", "Question", "Answer"], ["1", '"Which\ntea?"', "Longjing."], ["2", "Why?", ""]]
    data = read(tmp_path, "a.csv", "\n".join(mark.join(cells) for cells in rows))
    assert said(data) == [[("user", "Which\ntea?"), ("assistant", "Longjing.")]]
    assert data.rows[0].line == 2 and troubles(data) == [(4, "no_answer", True)]
    plain = read(tmp_path, "b.csv", f"Which tea?{mark}Longjing.\nalone\n")
    assert said(plain) == [PAIR] and troubles(plain) == [(2, "no_answer", True)]


def test_a_table_of_chinese_in_gb18030(tmp_path: Path) -> None:
    text = "问题,回答\n你叫什么名字,我叫小茶，是一位助手。\n这是什么地方,这是一个茶馆，我们在这里喝茶。\n"
    data = read(tmp_path, "a.csv", text.encode("gb18030"))
    assert said(data)[0] == [("user", "你叫什么名字"), ("assistant", "我叫小茶，是一位助手。")]


def test_plain_dialogues(tmp_path: Path) -> None:
    text = "Q: Which tea?\nA: Longjing.\nIt is green.\n\n问：哪种茶？\n答：龙井。\nQ: Why?\nA: So.\n"
    data = read(tmp_path, "a.txt", text)
    assert said(data) == [
        [("user", "Which tea?"), ("assistant", "Longjing.\nIt is green.")],
        [("user", "哪种茶？"), ("assistant", "龙井。"), ("user", "Why?"), ("assistant", "So.")],
    ]
    assert [row.line for row in data.rows] == [1, 5]
    nobody = read(tmp_path, "b.txt", "Once upon a time\nQ: Who?\nA: I.\n")
    assert troubles(nobody) == [(1, "unknown", True)] and len(nobody.rows) == 1


def test_plain_text_is_learned_whole(tmp_path: Path) -> None:
    data = read(tmp_path, "a.txt", "Once upon\na time.\n", "pretrain")
    assert [row.text for row in data.rows] == ["Once upon\na time."]
    rows = read(tmp_path, "a.jsonl", '{"text": "One."}\n{"text": "Two."}', "pretrain")
    assert [row.text for row in rows.rows] == ["One.", "Two."]
    table = read(tmp_path, "a.csv", "text,other\nOne.,x\n", "pretrain")
    assert [row.text for row in table.rows] == ["One."]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\x00\x01\x02" * 50, "no text"),
        ("a.csv", "十分".encode("shift-jis"), "no text"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    with pytest.raises(DataError, match=reason):
        read(tmp_path, name, content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone\.jsonl"):
        read_file(tmp_path / "gone.jsonl", "sft")


def test_nothing_to_learn_tells_why(tmp_path: Path) -> None:
    data = read(tmp_path, "a.jsonl", "{broken\n")
    with pytest.raises(DataError, match=r"nothing to learn in a\.jsonl.*Line 1 is left out"):
        data.check_any()


def test_a_typed_table() -> None:
    data = read_typed([("Which tea?", "Longjing."), ("", " "), ("Why?", "")], "sft")
    assert said(data) == [PAIR] and troubles(data) == [(3, "no_answer", True)]
    assert data.total == 2 and len(data.sha256) == 64


def test_a_snapshot_can_be_read_again(tmp_path: Path) -> None:
    data = read(tmp_path, "a.jsonl", json.dumps(FORMS["openai"]))
    again = read(tmp_path, "b.jsonl", "\n".join(json.dumps(row.as_json()) for row in data.rows))
    assert said(again) == said(data)


def test_a_snapshot_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Of liked replies only the last is learned, also where a run is made anew of its own copy."""
    said_before = (Said("user", "Which?"), Said("assistant", "None."))
    liked = (*said_before, Said("user", "And now?"), Said("assistant", "Longjing."))
    rows = [Row(1, liked, learns_last_only=True, source="Talk"), Row(2, said_before)]
    lines = "\n".join(json.dumps(row.as_json()) for row in rows)
    data = read(tmp_path, "data.jsonl", lines)
    assert [(row.messages, row.learns_last_only) for row in data.rows] == [
        (liked, True),
        (said_before, False),
    ]
    assert data.issues == []
