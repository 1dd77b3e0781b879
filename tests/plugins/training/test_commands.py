"""`teahouse train …` as a person types it."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import AppError
from teahouse.plugins import Command
from teahouse_training.cli.commands import commands
from teahouse_training.cli.words import marked
from tests.core.cli.commands import COMMAND, environment, teahouse
from tests.plugins.training.chatting import PAIRS, write_model, write_rows
from tests.plugins.training.working import result_of

Told = Mapping[str, Any]
Say = Callable[..., tuple[Told, str]]


def command(word: str) -> Command:
    return next(one for one in commands() if one.path == f"train {word}")


@pytest.fixture
def say(shared: App) -> Say:
    """Runs a command in this process; returns its result and its words."""

    def say(word: str, **options: object) -> tuple[Told, str]:
        found = command(word)
        values = {s.key: options.get(s.key.partition(".")[2], s.default) for s in found.params}
        told = result_of(
            found.work(shared, {key: value for key, value in values.items() if value is not None})
        )
        assert found.words is not None
        json.dumps(told)
        return told, found.words(told)

    return say


def test_one_command_trains_and_the_adapter_is_there(home: Path, tmp_path: Path) -> None:
    """With nothing but model, data and name; the steps only make it short."""
    write_model(home / "data" / "models" / "tiny.gguf")
    file = write_rows(tmp_path / "rows.jsonl", [*PAIRS[:8], PAIRS[0]])
    asked = ("--model", "tiny", "--data", str(file), "--out", "my tea")
    done = teahouse("train", "sft", *asked, "--steps", "4", within_s=120)
    assert done.returncode == 0, done.stderr
    assert "Run my tea: done, step 4 of 4." in done.stdout
    assert "Line 9 is left out: it says the same as line 1." in done.stdout
    assert "teahouse ask --adapter 'my tea'" in done.stdout
    assert [path.name for path in (home / "data" / "adapters").glob("*.gguf")] == ["my tea.gguf"]
    shown = json.loads(teahouse("train", "show", "my tea", "--json").stdout)
    assert (shown["state"], shown["rows"], shown["adapter"]) == ("done", 8, "my tea")
    again = teahouse("train", "sft", *asked)
    assert again.returncode == 1 and "already" in again.stderr and "train discard 'my tea'" in again.stderr


def test_ctrl_c_pauses_and_says_how_to_go_on(home: Path, rows: Path) -> None:
    write_model(home / "data" / "models" / "tiny.gguf")
    asked = ("--model", "tiny", "--data", str(rows), "--out", "tea", "--steps", "500", "--threads", "1")
    train = [*COMMAND, "train", "sft", *asked]
    with subprocess.Popen(train, stderr=subprocess.PIPE, env=environment()) as child:
        metrics, until = home / "data" / "training" / "tea" / "metrics.jsonl", time.monotonic() + 60
        while not (metrics.exists() and '"step": 2,' in metrics.read_text("utf-8")):
            assert time.monotonic() < until and child.poll() is None
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        _out, told = child.communicate(timeout=60)
    assert child.returncode == 130
    assert "paused" in told.decode() and "teahouse train resume tea" in told.decode()
    listed = teahouse("train", "list").stdout
    assert listed.startswith("tea  paused") and "/500" in listed


def test_only_looking_shows_what_is_learned(say: Say, rows: Path) -> None:
    told, words = say("sft", model="tiny", data=str(rows), dry_run=True)
    assert told["rows"] == 22 and told["left_out"] == [] and told["memory_bytes"] > 0
    assert "22 of 24 rows would be learned, 2 held out" in words
    assert "⟦It is green tea.<|im_end|>⟧" in words and "user↵Which is cup 0?" in words
    assert say("list")[0]["runs"] == []


def test_plain_text_and_options(say: Say, tmp_path: Path) -> None:
    book, asked = tmp_path / "book.txt", tmp_path / "asked.txt"
    book.write_text("Tea is a drink. " * 200, encoding="utf-8")
    asked.write_text("What is tea?\n\nWho drinks it?\n", encoding="utf-8")
    options = {"steps": 7, "rate": 0.002, "rank": 2, "length": 64, "ask": str(asked)}
    told, words = say("pretrain-on", model="tiny", data=str(book), dry_run=True, **options)
    settings = told["settings"]
    numbers = [settings[name] for name in ("steps", "learning_rate", "rank", "length")]
    assert numbers == [7, 0.002, 2, 64] and told["longest"] == 64
    assert told["questions"] == ["What is tea?", "Who drinks it?"]
    assert "Preset text: 7 steps, learning rate 0.002" in words


def test_every_number_can_be_chosen(say: Say, rows: Path) -> None:
    chosen = {"alpha": 4.0, "targets": "attn_q, attn_v", "dropout": 0.25, "rslora": True, "rows": 3}
    more = {"accumulation": 2, "patience": 5, "save_memory": True}
    told, _words = say("sft", model="tiny", data=str(rows), dry_run=True, **chosen, **more)
    s = told["settings"]
    assert (s["alpha"], list(s["targets"]), s["dropout"], s["rows"]) == (4.0, ["attn_q", "attn_v"], 0.25, 3)
    assert s["is_rank_stabilised"] and s["is_checkpointed"]
    assert (s["accumulation"], s["patience"]) == (2, 5)
    with pytest.raises(AppError, match="no matrix attn_x") as caught:
        say("sft", model="tiny", data=str(rows), dry_run=True, targets="attn_x")
    assert "attn_output" in caught.value.hint


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"data": "x.jsonl"}, "--out NAME"),
        ({"out": "a"}, "--data FILE"),
        ({"out": "a", "data": "gone.jsonl"}, "no such file"),
        ({"out": "a/b", "data": "gone.jsonl"}, "cannot be called"),
        ({"out": "a", "data": "gone.jsonl", "ask": "gone.txt"}, "cannot be read"),
    ],
)
def test_what_is_missing_is_said(say: Say, options: dict[str, object], words: str) -> None:
    with pytest.raises(AppError) as caught:
        say("sft", model="tiny", **options)
    assert words in str(caught.value)


def test_runs_that_are_not_there(say: Say) -> None:
    for word in ("show", "resume", "pause", "cancel", "keep", "discard"):
        with pytest.raises(AppError, match="no run named"):
            say(word, name="oolong")
    assert say("list")[1] == "There is no training run yet."


def test_damaged_runs_are_listed_and_discarding_is_asked_first(say: Say, shared: App) -> None:
    folder = shared.paths.data / "training" / "bad"
    folder.mkdir(parents=True)
    (folder / "run.json").touch()
    told, words = say("list")
    assert told["runs"] == [] and told["damaged"][0]["state"] == "damaged"
    assert words.startswith("bad: damaged. ") and "cannot be read" in words
    assert words.endswith("teahouse train discard bad")
    with pytest.raises(AppError, match="Nothing was deleted yet") as caught:
        say("discard", name="bad")
    assert "--yes" in caught.value.hint and folder.exists()
    told, words = say("discard", name="bad", yes=True)
    assert words == "The run bad is deleted. Your data is as it was." and not folder.exists()


def test_every_command_has_words_and_json() -> None:
    found = commands()
    assert [one.path for one in found][:2] == ["train sft", "train pretrain-on"]
    assert {one.path.split()[1] for one in found} >= {"list", "show", "resume", "cancel"}
    assert all(one.json and one.words and not one.is_in_menu for one in found)


def test_a_row_in_one_line() -> None:
    assert marked(["user\n", "Hi", "\n", "Yes", "."], [0, 0, 0, 1, 1]) == "user↵Hi↵⟦Yes.⟧"
    assert marked(["a", "b", "c"], [1, 0, 1]) == "⟦a⟧b⟦c⟧"
