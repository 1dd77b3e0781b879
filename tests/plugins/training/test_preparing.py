"""A draft becomes a run, whole or not at all; what the model will see can be looked at before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.engine.loaded import Engine
from teahouse.errors import AppError, SettingError, TemplateError
from teahouse_torch import examples_file
from teahouse_torch.run_folder import RunFolder
from teahouse_training import lessons
from teahouse_training.data.rows import DataError
from teahouse_training.records import check_name
from teahouse_training.runs import (
    Checked,
    ChosenChats,
    Draft,
    FileRows,
    Run,
    Runs,
    Seen,
    TrainingRefused,
    TypedRows,
)
from tests.plugins.training.chatting import PAIRS, write_rows
from tests.plugins.training.working import result_of

END = b"<|im_end|>"


def checked(app: App, draft: Draft, **more: int) -> Checked:
    found = result_of(Runs(app).check(draft, **more))
    assert isinstance(found, Checked)
    return found


def learned(seen: Seen) -> bytes:
    return b"".join(piece for piece, flag in zip(seen.pieces, seen.learned, strict=True) if flag)


def test_rows_are_seen_as_the_model_sees_them(shared: App, rows: Path) -> None:
    found = checked(shared, Draft("x", "tiny", FileRows(rows)), sample=2)
    assert (found.total, found.rows, found.held_out) == (24, 22, 2)
    first = found.sample[0]
    text = b"".join(first.pieces).decode()
    assert (
        text
        == "<|im_start|>user\nWhich is cup 0?<|im_end|>\n<|im_start|>assistant\nIt is green tea.<|im_end|>\n"
    )
    assert learned(first) == b"It is green tea." + END
    assert [piece for piece, is_control in zip(first.pieces, first.control, strict=True) if is_control] == [
        *(b"<|im_start|>", END),
        *(b"<|im_start|>", END),
    ]
    assert found.learned_tokens < found.tokens / 2
    assert found.memory is not None and found.memory.total_bytes > 0


def test_a_run_holds_all_it_needs(shared: App, rows: Path) -> None:
    before = rows.read_bytes()
    run = result_of(Runs(shared).prepare(Draft("whole", "tiny", FileRows(rows), changes={"rank": 4})))
    assert run.changes == {"rank": 4} and run.settings.rank == 4
    assert isinstance(run, Run) and (run.state, run.step, run.rows, run.held_out) == ("prepared", 0, 22, 2)
    place = RunFolder(run.folder)
    asked = place.asked()
    assert asked.settings == run.settings and len(asked.questions) == len(run.questions) == 5
    assert len(asked.ends) == 1
    assert examples_file.sizes(place.examples("train")).examples == 22
    assert examples_file.sizes(place.examples("held_out")).examples == 2
    files = {file.name for file in run.folder.iterdir()}
    assert {"general-en.safetensors", "general-zh.safetensors"} <= files
    snapshot = [json.loads(line) for line in (run.folder / "data.jsonl").read_text("utf-8").splitlines()]
    assert len(snapshot) == 22 and snapshot[0]["messages"][1]["content"] == "It is green tea."
    assert asked.card["data"] == "teas.jsonl" and len(asked.card["data_sha256"]) == 64
    assert rows.read_bytes() == before
    assert not [file for file in run.folder.parent.iterdir() if file.name.startswith(".")]


def test_every_row_that_is_left_out_is_told(shared: App, tmp_path: Path) -> None:
    shared.settings.set("training.longest_row", 200)
    pairs = [*PAIRS[:3], ("Long?", "x" * 300), PAIRS[0], ("Code?", "password: tea4two!")]
    file = write_rows(tmp_path / "a.jsonl", pairs)
    try:
        found = checked(shared, Draft("x", "tiny", FileRows(file)))
    finally:
        shared.settings.reset("training.longest_row")
    assert [(issue.line, issue.trouble) for issue in found.issues] == [
        (4, "too_long"),
        (5, "duplicate"),
        (6, "secret"),
    ]
    assert "200" in found.issues[0].reason and found.rows == 3


def test_numbers_can_be_chosen(shared: App, rows: Path) -> None:
    draft = Draft("x", "tiny", FileRows(rows), preset="style", changes={"steps": 12, "rank": 4})
    found = checked(shared, draft)
    assert (found.preset, found.settings.steps, found.settings.rank) == ("style", 12, 4)
    assert found.settings.look_every == 4
    with pytest.raises(SettingError, match="rank"):
        checked(shared, Draft("x", "tiny", FileRows(rows), changes={"rank": 0}))
    with pytest.raises(SettingError, match="poem"):
        checked(shared, Draft("x", "tiny", FileRows(rows), preset="poem"))


def test_own_questions_and_own_held_out_rows(shared: App, rows: Path, tmp_path: Path) -> None:
    apart = write_rows(
        tmp_path / "apart.jsonl", [("Which is cup 0", "It is green tea."), ("And you?", "I am tea.")]
    )
    draft = Draft("x", "tiny", FileRows(rows), held_out=FileRows(apart), questions=("Who are you?",))
    found = checked(shared, draft)
    assert (found.rows, found.held_out, found.questions) == (23, 2, ("Who are you?",))
    assert [(issue.line, issue.trouble) for issue in found.issues] == [(1, "leak")]


def test_a_typed_table_and_conversations(shared: App) -> None:
    assert checked(shared, Draft("x", "tiny", TypedRows(tuple(PAIRS[:4])))).rows == 4
    store = shared.store
    for number, thumb in enumerate((1, 0, -1)):
        chat = store.create_conversation(system_prompt="Be brief.").id
        for ask in ("First?", f"Then {number}?"):
            store.add_message(chat, "user", ask)
            reply = store.add_message(chat, "assistant", f"Answer to {ask}")
        store.judge_message(reply.id, thumb=thumb)
        store.change_conversation(chat, folder="Tea", tags=("cup",))
    found = checked(shared, Draft("x", "tiny", ChosenChats(folder="Tea", tag="cup")), sample=9)
    assert found.rows == 3
    first, others = b"Answer to First?" + END, [b"Answer to Then %d?" % number + END for number in (0, 1)]
    assert sorted(map(learned, found.sample)) == sorted([first + others[0], first + others[1], first])
    (only,) = checked(shared, Draft("x", "tiny", ChosenChats(thumb=1)), sample=9).sample
    assert b"".join(only.pieces).count(b"<|im_start|>assistant") == 2
    assert learned(only) == others[0]
    with pytest.raises(DataError, match="nothing to learn"):
        checked(shared, Draft("x", "tiny", ChosenChats(folder="Coffee")))


def test_plain_text_is_cut_into_pieces_that_are_all_learned(shared: App, tmp_path: Path) -> None:
    file = tmp_path / "book.txt"
    file.write_text("The tea house opens at nine. " * 300, encoding="utf-8")
    found = checked(shared, Draft("x", "tiny", FileRows(file), "pretrain"), sample=1)
    assert found.preset == "text" and found.total == 1 and found.issues == ()
    assert found.longest <= 256 and found.learned_tokens > 0.98 * found.tokens
    assert found.held_out >= 1 and found.settings.patience > 0


def test_what_the_template_refuses_is_told(shared: App, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    examples = Engine.examples

    def refusing(self: Engine, chats: Any, *rest: Any, refused: dict[int, TemplateError]) -> Any:
        refused[1] = TemplateError("it does not like it")
        return [one for one in examples(self, chats, *rest, refused={}) if one.owner != 1]

    monkeypatch.setattr(Engine, "examples", refusing)
    found = checked(shared, Draft("x", "tiny", FileRows(rows)))
    assert [(issue.line, issue.trouble) for issue in found.issues] == [(2, "not_rendered")]
    assert "does not like" in found.issues[0].reason


def test_a_held_out_file_is_checked_like_the_data(shared: App, rows: Path, tmp_path: Path) -> None:
    secret = ("Which password?", "My password is Tea4two!")
    apart = write_rows(
        tmp_path / "apart.jsonl", [("Who sails?", "Nobody."), secret, ("Who sails?", "Nobody.")]
    )
    draft = Draft("own", "tiny", FileRows(rows), held_out=FileRows(apart))
    found = checked(shared, draft)
    assert (found.rows, found.held_out) == (24, 1)
    assert [(issue.line, issue.trouble, issue.source) for issue in found.issues] == [
        (2, "secret", "apart.jsonl"),
        (3, "duplicate", "apart.jsonl"),
    ]
    run = result_of(Runs(shared).prepare(draft))
    assert "Tea4two" not in "".join(f.read_text("utf-8") for f in run.folder.glob("*.json*"))
    told = json.loads((run.folder / "draft.json").read_text("utf-8"))
    assert run.held_out_source == told["held_out_source"] == "apart.jsonl"
    assert len(told["held_out_sha256"]) == 64
    only_secrets = write_rows(tmp_path / "bad.jsonl", [secret])
    with pytest.raises(DataError, match=r"bad\.jsonl.*a password"):
        checked(shared, Draft("x", "tiny", FileRows(rows), held_out=FileRows(only_secrets)))


def test_names_are_unique_and_safe(shared: App, rows: Path) -> None:
    runs = Runs(shared)
    result_of(runs.prepare(Draft("Jasmine 茶", "tiny", FileRows(rows))))
    with pytest.raises(TrainingRefused, match="already"):
        result_of(runs.prepare(Draft("jasmine  茶", "tiny", FileRows(rows))))
    for name in ("", "..", "a/b", "a\\b", "-x", "a=1", "a,b", "x" * 61, "con:", "a\nb\0"):
        with pytest.raises(TrainingRefused):
            check_name(name)
    with pytest.raises(TrainingRefused, match="no run named"):
        runs.find("oolong")
    with pytest.raises(TrainingRefused):
        runs.find("../training/Jasmine 茶")


def test_nothing_is_left_of_a_run_that_could_not_be_made(
    shared: App, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(engine: object) -> list[str]:
        raise AppError("The disk is full.")

    monkeypatch.setattr(lessons, "vocabulary", fail)
    runs = Runs(shared)
    before = {one.name for one in runs.list()}
    with pytest.raises(AppError, match="full"):
        result_of(runs.prepare(Draft("half", "tiny", FileRows(rows))))
    assert {one.name for one in runs.list()} == before
    assert not list((shared.paths.data / "training").glob(".*"))


def test_only_models_that_are_there(shared: App, rows: Path) -> None:
    with pytest.raises(AppError, match="no model named"):
        checked(shared, Draft("x", "nothing", FileRows(rows)))


def test_without_the_extra_one_command_is_named(
    shared: App, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from teahouse_training import needs

    monkeypatch.setattr(needs, "find_spec", lambda name: None if name == "torch" else object())
    with pytest.raises(TrainingRefused, match=r"torch") as caught:
        result_of(Runs(shared).prepare(Draft("x", "tiny", FileRows(rows))))
    assert "teahouse[train]" in caught.value.hint and "MB" in caught.value.hint
    assert checked(shared, Draft("x", "tiny", FileRows(rows))).rows == 22, "looking needs no torch"
