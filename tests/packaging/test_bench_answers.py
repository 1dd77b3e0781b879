"""`make bench ARGS=answers`: what is held out, kept, counted as right, and shown by pairs."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bench import answers, command, record
from bench.answers import ranking, talking, xquad
from bench.answers.kept import Kept
from bench.measurements import Plan
from bench.ratio import Count, Paired, spread_of_difference


def paragraph(number: int) -> dict[str, Any]:
    asked = [
        {
            "id": f"{number}-{at}",
            "question": f"What is {number} {at}?",
            "answers": [{"text": f"tea {number}"}],
        }
        for at in range(3)
    ]
    return {"context": f"It is tea {number}.", "qas": asked}


@pytest.fixture
def questions(tmp_path: Path) -> xquad.Questions:
    articles = [{"paragraphs": [paragraph(5 * n + m) for m in range(5)]} for n in range(8)]
    file = xquad.file_of(tmp_path, "en")
    file.write_text(json.dumps({"data": articles}), "utf-8")
    return xquad.read(file)


def test_what_is_held_out_shares_no_article_with_the_rest(questions: xquad.Questions) -> None:
    held = xquad.held_out(questions, 20)
    assert len(held) == len({one.place for one in held}) == 20
    assert {one.article for one in held} == {1, 3, 5, 7}
    assert {one.id.split("-")[1] for one in held} == {"0", "1", "2"}  # not the first of each only
    few = xquad.held_out(questions, 4)
    assert len(few) == 4 and {one.article for one in few} == {1, 3, 5, 7}
    assert questions.of_article(1) == {5, 6, 7, 8, 9}


def test_a_run_that_was_stopped_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "rows.jsonl"
    done: list[str] = []

    def work(one: str) -> dict[str, Any]:
        if one == "c" and "c" not in done:
            done.append(one)
            raise KeyboardInterrupt
        done.append(one)
        return {"said": one.upper()}

    with pytest.raises(KeyboardInterrupt):
        list(Kept(file).fill("abcd", work))
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"id": "c", "sai')  # cut off
    again = Kept(file)
    assert again.missing("abcd") == ["c", "d"]
    file.write_text("".join(line + "\n" for line in file.read_text("utf-8").splitlines()[:2]), "utf-8")
    list(again.fill("abcd", work))
    assert done == ["a", "b", "c", "c", "d"]
    assert [row["said"] for row in Kept(file).of("abcd")] == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    ("reply", "answer", "is_so"),
    [
        ("It was finished in 1874 by Ingrid\nFalk.", "ingrid falk", True),
        ("由 30 8 分 取胜", "308分", True),
        ("It was Ingrid.", "Ingrid Falk", False),
        ("", "x", False),
    ],
)
def test_a_reply_is_right_where_the_answer_stands_in_it(reply: str, answer: str, is_so: bool) -> None:
    assert talking.is_right(reply, answer) is is_so


# --- pairs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("only_ours", "only_theirs", "verdict"),
    [(30, 10, "reached"), (12, 10, "not shown"), (10, 30, "missed"), (0, 0, "not shown")],
)
def test_pairs_show_something_where_the_interval_is_on_one_side(
    only_ours: int, only_theirs: int, verdict: str
) -> None:
    same = 240 - only_ours - only_theirs
    ours = [True] * only_ours + [False] * only_theirs + [True] * same
    theirs = [False] * only_ours + [True] * only_theirs + [True] * same
    told = Paired("a / b", ours, theirs).as_json()
    assert told["verdict"] == verdict
    assert told["difference"] == round((only_ours - only_theirs) / 240, 4)
    assert told["spread"][0] < told["difference"] < told["spread"][1] or told["difference"] == 0
    assert (told["pairs"].count("o"), told["pairs"].count("t")) == (only_ours, only_theirs)


def test_the_interval_holds_the_true_difference_as_often_as_it_says() -> None:
    random, held, rounds = Random(3), 0, 1000
    for _round in range(rounds):
        kinds = random.choices("ot-", (0.15, 0.08, 0.77), k=120)
        low, high = spread_of_difference(kinds.count("o"), kinds.count("t"), 120)
        held += low <= 0.07 <= high
    assert 0.93 < held / rounds < 0.98


def test_replies_are_counted_by_language_and_together() -> None:
    rows = {
        language: [
            {
                "ours": {"reply": "tea" if n < 3 else "", "sent": n % 2, "commit": "c"},
                "plain": {"reply": "tea" if n < 1 else "", "is_first": True},
            }
            for n in range(4)
        ]
        for language in ("en", "zh")
    }
    found = talking.results_of("tiny-0.5b", rows, {"en": ["tea"] * 4, "zh": ["tea"] * 4})
    wrong = [one for one in found if isinstance(one, Count)]
    assert [(one.value, one.most) for one in wrong] == [(0.25, 0.3), (0.25, 0.42)]
    assert wrong[0].details["nothing was sent"] == 2
    pairs = [one.as_json() for one in found if isinstance(one, Paired)]
    assert [(one["pairs"], one["difference"]) for one in pairs] == [
        ("+oo-", 0.5), ("+oo-", 0.5), ("+oo-+oo-", 0.5),
    ]  # fmt: skip
    line = command.line(pairs[-1])
    assert "0.750 / 0.250: +0.500 [+0.0" in line and line.endswith("reached")


def test_the_gate_and_recall_are_told_as_what_is_missed() -> None:
    fits = [
        {"share": s, "again": a, "has_words": True, "cosine": 0.8}
        for s, a in ((0.8, 0.9), (0.1, 0.7), (0.0, 0.6))
    ]
    ranks = {"words": None, "vectors": 2, "fused": 1, "second": 1}
    rows = [{"fits": fits, "ranks": ranks}] * 2
    asked = [xquad.Asked(str(n), "What is tea?", "tea", n, 0) for n in range(2)]
    told = {one.as_json()["title"]: one.as_json() for one in ranking.gate("en", asked, rows)}
    assert [one["value"] for one in told.values()] == [0.0, 0.0, 0.0]
    [first, fifth] = ranking.recall(("en", "en"), ranking.WANTED["en", "en"], rows)
    assert isinstance(first, Count) and isinstance(fifth, Count)
    assert (first.value, first.most) == (0.0, 0.04)
    assert first.details["methods"]["words"]["recall@10"] == 0.0


# --- the command ----------------------------------------------------------------------------------


def test_without_xquad_nothing_is_measured_and_the_record_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("XQUAD", raising=False)
    file = tmp_path / "measured.json"
    record.put(file, "answers", [Count("kept", 1.0)], {})
    model = str(tmp_path / "a.gguf")
    assert command.main(["answers", "--model", model, "--output", str(file)]) == 0
    assert "what it needs is not here" in capsys.readouterr().out
    assert record.read(file)["measurements"]["answers"]["results"][0]["title"] == "kept"


def test_the_parts_are_asked_in_turn_and_what_is_slow_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XQUAD", str(tmp_path))
    monkeypatch.setenv("TEAHOUSE_TEST_EMBEDDER", str(tmp_path / "e5.gguf"))
    told: list[tuple[Any, ...]] = []

    def talk(_xquad: Path, kept: Path, model: Path, embedder: Path, *more: Any) -> list[Any]:
        told.append((kept, model.name, embedder.name, *more[:2]))
        return [Count(model.name, 0.0)]

    monkeypatch.setattr(ranking, "measure", lambda *_args: [Count("recall", 0.0)])
    monkeypatch.setattr(answers.looking, "measure", lambda *_args: [Count("look", 0.0)])
    monkeypatch.setattr(talking, "measure", talk)
    plan = Plan(tmp_path / "a", beside=tmp_path / "b", keep=tmp_path / "keep", threads=1, beside_questions=7)
    results = answers.measure(plan, lambda _text: None)
    assert [one.title for one in results] == ["recall", "look", "a", "b"]
    assert told == [(tmp_path / "keep", "a", "e5.gguf", 120, 1), (tmp_path / "keep", "b", "e5.gguf", 7, 1)]
