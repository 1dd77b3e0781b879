from __future__ import annotations

import math

import pytest

from teahouse_training.panel.course import Course
from teahouse_training.panel.showing import Live, answers, shown
from teahouse_training.panel.values import Conversations, ShownRun, Wanted
from teahouse_training.panel.wishes import draft_of
from teahouse_training.runs import ChosenChats, Evaluation, RunProgress
from tests.plugins.training.panel_stand_ins import ANSWERS, look, make_run, metrics


def test_lines_and_newest_numbers() -> None:
    course = Course(metrics(20))
    assert course.loss[0] == (1.0, 4.0) and len(course.loss) == 20
    assert course.held_out == ((0.0, 4.0), (10.0, 3.0), (20.0, 2.0))
    assert course.forgetting["en"] == ((0.0, 0.0), (10.0, pytest.approx(5.0)), (20.0, pytest.approx(10.0)))
    assert course.forgotten == pytest.approx(100 * (math.sqrt(1.10) - 1))
    assert (course.moved, course.rate, course.gradient, course.tokens_per_s) == (2.0, 3e-4, 1.5, 400.0)
    assert course.best_step == 20


def test_the_forgetting_is_that_of_the_evaluation() -> None:
    rows = [look(0), look(30)]
    pairs = {name: (rows[0]["perplexity"][name], rows[1]["perplexity"][name]) for name in ("en", "zh")}
    told = Evaluation(perplexity=pairs).forgetting
    assert told is not None and Course(rows).forgotten == pytest.approx(100 * told)


def test_what_is_no_number_or_not_known_is_nothing() -> None:
    course = Course(
        [{"kind": "step", "step": 1, "loss": math.nan}, {"kind": "look", "step": 1, "held_out": None}]
    )
    assert course.loss == () and course.held_out == () and course.forgetting == {}
    empty = (course.forgotten, course.moved, course.rate, course.tokens_per_s, course.best_step)
    assert empty == (None,) * 5


def test_history_and_what_is_told_since_are_one() -> None:
    live, rows = Live(), metrics(12)
    for row in rows[8:]:
        live.hear(RunProgress("pirate", "training", row, step=row["step"], steps=12))
    live.take_history(rows[:10])
    assert live.rows == rows
    live.hear(RunProgress("pirate", "training", {"kind": "resumed", "step": 10}, step=10, steps=12))
    assert [row["step"] for row in live.rows if row["kind"] == "step"] == list(range(1, 11))


def test_a_run_that_tells_is_running() -> None:
    run, live = make_run(state="paused", step=3, adapter=""), Live()
    assert shown(run, live).state == "paused"
    live.hear(RunProgress("pirate", "loading", memory_bytes=7))
    now = shown(run, live)
    assert (now.state, now.step, now.memory_bytes, bool(now.stage)) == ("running", 3, 7, True)
    live.hear(RunProgress("pirate", "training", metrics(4)[5], 12.0, step=4, steps=30))
    assert (shown(run, live).step, shown(run, live).stage, shown(run, live).eta_s) == (4, "", 12.0)


def test_answers_before_and_now() -> None:
    run = make_run()
    before = answers(run, [look(0)])
    assert [(one.before, one.step) for one in before] == [("Hello.", 0), ("我是助手。", 0)]
    assert [one.now for one in answers(run, metrics(10))] == list(ANSWERS)
    told = Evaluation(step=9, answers=(("Who?", "I.", "Arr."),))
    assert answers(make_run(evaluation=told), [])[0].now == "Arr."


def test_a_wish_is_kept_whole() -> None:
    wish = Wanted(
        "pirate", "starter", "conversations", (("a", "b"),), "/x.jsonl", True,
        Conversations("Harbour", "tea", True), "style", {"steps": 3}, ("Who?",),
    )  # fmt: skip
    assert Wanted.from_json(wish.as_json()) == wish
    draft = draft_of(wish)
    assert draft.source == ChosenChats("Harbour", "tea", 1) and draft.kind == "sft"
    assert Wanted.from_json({"origin": "elsewhere"}) == Wanted()


def test_a_shown_run_begins_with_nothing() -> None:
    assert ShownRun("x").state == "prepared" and not Course(ShownRun("x").metrics).steps
