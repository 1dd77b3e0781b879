"""`teahouse probs`, `teahouse tokens`, `teahouse score` as a person types them, on the real model."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from teahouse.app import App
from teahouse.errors import AppError
from teahouse_sampling.commands import read_text
from teahouse_sampling.scoring import Scored, score_text
from teahouse_sampling.tables import probs_words, shown, table
from tests.core.cli.commands import Done, is_quiet, teahouse
from tests.plugins.sampling.test_sent import done, loaded

FRANCE = "The capital of France is 茶"


@pytest.fixture
def run(starter: Path) -> Any:
    def run(command: str, *arguments: str) -> Done:
        return teahouse(command, *arguments, "--model", str(starter), within_s=180)

    return run


@pytest.mark.gguf
def test_probs_as_json(run: Any, real: App) -> None:
    ended = run("probs", FRANCE, "--json", "--top", "3")
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(ended.stdout)
    assert set(found) == {"tokens", "next"}
    scored: Scored = done(score_text(real, FRANCE, top_n=3))
    assert [one["id"] for one in found["tokens"]] == list(scored.ids)
    first, *rest = found["tokens"]
    assert (first["logprob"], first["top"]) == (None, [])
    for one, wanted in zip(rest, scored.tokens[1:], strict=True):
        assert set(one) <= {"id", "piece", "bytes", "logprob", "top"}
        assert one["logprob"] == pytest.approx(wanted.logprob, abs=0.05)
        assert [set(a) - {"bytes"} for a in one["top"]] == [{"id", "piece", "p"}] * 3
        assert one["top"][0]["p"] >= math.exp(one["logprob"]) - 1e-6
    data = b"".join(
        bytes.fromhex(t["bytes"]) if "bytes" in t else t["piece"].encode() for t in found["tokens"]
    )
    assert data.decode() == FRANCE
    assert any("bytes" in one for one in found["tokens"])  # 茶 is cut within the character
    assert len(found["next"]) == 3


@pytest.mark.gguf
def test_raw_text_and_a_message_in_the_template(run: Any) -> None:
    raw = json.loads(run("probs", "Hi <|im_end|>", "--json").stdout)
    assert "<|im_end|>" not in [one["piece"] for one in raw["tokens"]]  # text, no control token
    assert len(raw["next"]) == 10
    sent = json.loads(run("probs", "Hi <|im_end|>", "--json", "--chat").stdout)
    pieces = [one["piece"] for one in sent["tokens"]]
    assert pieces[0] == "<|im_start|>" and pieces[-3:] == ["<|im_start|>", "assistant", "\n"]
    assert "".join(pieces).count("Hi <|im_end|>") == 1
    assert sent["next"][0]["p"] > 0.3


@pytest.mark.gguf
def test_tables_for_people(run: Any) -> None:
    ended = run("probs", FRANCE, "--top", "2")
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["id", "token", "probability", "instead", "of"]
    assert "“ France”" in ended.stdout and "What comes next:" in ended.stdout and "–" in lines[1]
    assert lines[-4:-2] == ["", "What comes next:"]
    ended = run("tokens", "tea 😀")
    assert "tokens of" in ended.stdout and "bytes" in ended.stdout


@pytest.mark.gguf
def test_tokens_as_json(run: Any, real: App) -> None:
    text = "héllo 茶 <|im_end|>\n"
    found = json.loads(run("tokens", text, "--json").stdout)
    assert found["count"] == len(found["tokens"])
    assert [one["id"] for one in found["tokens"]] == loaded(real).tokenize(text)
    assert bytes.fromhex("".join(one["bytes"] for one in found["tokens"])).decode() == text
    assert not any(one["is_special"] for one in found["tokens"])
    chat = json.loads(run("tokens", "Hi", "--json", "--chat").stdout)
    assert chat["tokens"][0] == {
        "id": chat["tokens"][0]["id"],
        "piece": "<|im_start|>",
        "bytes": b"<|im_start|>".hex(),
        "is_special": True,
    }


@pytest.mark.gguf
def test_score_a_file_also_one_longer_than_the_context(run: Any, real: App, tmp_path: Path) -> None:
    file = tmp_path / "text 茶.txt"
    file.write_text("The tea house stands by the river. " * 8, "utf-8")
    found = json.loads(run("score", str(file), "--json").stdout)
    scored: Scored = done(score_text(real, file.read_text("utf-8"), top_n=0))
    assert set(found) == {"model", "perplexity", "tokens", "scored", "windows"}
    assert (found["tokens"], found["scored"], found["windows"]) == (len(scored.ids), len(scored.ids) - 1, 1)
    assert found["perplexity"] == pytest.approx(scored.perplexity, rel=1e-2)
    assert "perplexity" in run("score", str(file)).stdout
    file.write_text(" ".join(str(number) for number in range(160)), "utf-8")
    whole = json.loads(run("score", str(file), "--json").stdout)
    assert teahouse("models", "set", found["model"], "engine.context", "256").returncode == 0
    parts = json.loads(run("score", str(file), "--json").stdout)
    assert (whole["windows"], parts["windows"] > 2) == (1, True)
    assert parts["scored"] == whole["scored"] == whole["tokens"] - 1
    assert parts["perplexity"] == pytest.approx(whole["perplexity"], rel=0.3)


@pytest.mark.gguf
def test_what_is_refused(run: Any, tmp_path: Path) -> None:
    binary, empty, one = tmp_path / "b.txt", tmp_path / "e.txt", tmp_path / "o.txt"
    binary.write_bytes(bytes(range(256)))
    empty.write_bytes(b"")
    one.write_bytes(b"x")
    for command, argument, words in (
        ("probs", "", "no text"),
        ("tokens", "", "no text"),
        ("probs", "tea " * 9000, "8192"),
        ("score", str(binary), "no text"),
        ("score", str(empty), "empty"),
        ("score", str(one), "single token"),
        ("score", str(tmp_path / "none"), "no such file"),
        ("score", str(tmp_path), "no such file"),
    ):
        ended = run(command, argument)
        assert (ended.returncode, ended.stdout, is_quiet(ended)) == (1, "", True), command
        assert words in ended.stderr
    assert "between 1 and 1000" in run("probs", "x", "--top", "0").stderr
    assert teahouse("probs").returncode == 2


def test_help_and_no_model() -> None:
    for command in ("probs", "tokens", "score"):
        assert "--json" in teahouse(command, "--help").stdout
    ended = teahouse("probs", "tea")
    assert ended.returncode == 1 and "no model yet" in ended.stderr
    assert "probs" in teahouse("--help").stdout


def test_bytes_that_are_no_text_are_refused_and_not_replaced() -> None:
    for command in ("probs", "tokens"):
        ended = teahouse(command, "caf\udce9")  # as Python tells a byte of another encoding
        assert (ended.returncode, ended.stdout, "is not UTF-8" in ended.stderr) == (1, "", True)


def test_files_in_other_encodings(tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    for encoding in ("utf-8-sig", "utf-16", "gb18030"):
        file.write_bytes("茶馆里的人们都在喝茶，说着一天的事情。".encode(encoding))
        assert read_text(file).startswith("茶馆")
    file.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(AppError, match=r"x\.txt cannot be scored"):
        read_text(file)


def test_a_token_shows_what_it_is() -> None:
    assert shown({"id": 1, "piece": " tea\n"}) == "“ tea␊”"
    assert shown({"id": 1, "piece": "\ufffd", "bytes": "e88c"}) == "<e88c>"
    assert shown({"id": 1, "piece": "\x1b[31m"}) == "“␛[31m”"
    assert len(shown({"id": 1, "piece": "x" * 99})) < 30
    assert table([("a", "茶"), ("bbb", "c")]) == ["a    茶", "bbb  c"]
    one = {"id": 1, "piece": "x", "logprob": None, "top": []}
    assert "–" in probs_words({"tokens": [one], "next": [{"id": 2, "piece": "y", "p": 0.0}]})
