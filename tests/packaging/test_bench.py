"""`make bench`: what a ratio shows, what is written, and each side once for real."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bench import command, keeping, record, startup
from bench.measurements import MEASUREMENTS, Plan, measure_cache, measure_engine, measure_store, take_pairs
from bench.ratio import Count, Ratio, Times, Typical, judge, judge_p95, p95, percentile, spread, spread_of_p95
from bench.side import start
from bench.talk import Tokens
from bench.texts import Texts, as_chatgpt

from teahouse.store import Store

CLOSE = [1.0, 0.99, 1.01, 0.995, 1.005, 0.985, 1.015]


# --- ratios ---------------------------------------------------------------------------------------


def test_a_ratio_keeps_every_repetition() -> None:
    ours, theirs = [9.0, 11.0, 10.0, 8.0, 12.0, 10.0, 10.0], [10.0] * 7
    found = Ratio("a / b", ours, theirs, 0.5).as_json()
    assert (found["ours"], found["theirs"]) == (ours, theirs)
    assert found["ratios"] == [0.9, 1.1, 1.0, 0.8, 1.2, 1.0, 1.0]
    assert (found["ours_median"], found["theirs_median"], found["ratio_median"]) == (10.0, 10.0, 1.0)
    assert found["spread"] == [0.8, 1.2]
    assert (found["limit"], found["verdict"]) == (0.5, "reached")


def test_the_median_is_that_of_the_pairs_and_not_the_ratio_of_medians() -> None:
    found = Ratio("a / b", [1.0, 20.0, 3.0], [1.0, 10.0, 1.0]).as_json()
    assert found["ratio_median"] == 2.0
    assert found["ours_median"] / found["theirs_median"] == 3.0


@pytest.mark.parametrize(
    ("ratios", "limit", "verdict"),
    [
        (CLOSE, 0.97, "reached"),
        (CLOSE, 0.985, "reached"),  # the limit itself is enough
        (CLOSE, 0.99, "not shown"),
        (CLOSE, 1.015, "not shown"),
        (CLOSE, 1.02, "missed"),
        (CLOSE[:6], 0.97, "not shown"),
        (CLOSE[:6], 1.5, "not shown"),
        (CLOSE, None, "informative"),
        ([*CLOSE, 0.5], 0.97, "not shown"),  # of eight values the least still counts
        ([*CLOSE, 1.0, 0.5], 0.97, "reached"),  # of nine it does not
    ],
)
def test_only_a_spread_on_one_side_of_the_limit_shows_anything(
    ratios: list[float], limit: float | None, verdict: str
) -> None:
    assert judge(ratios, limit) == verdict


@pytest.mark.parametrize(
    ("count", "cut"), [(1, 0), (2, 0), (7, 0), (8, 0), (9, 1), (11, 1), (12, 2), (15, 3)]
)
def test_the_spread_leaves_out_as_much_as_the_binomial_law_allows(count: int, cut: int) -> None:
    values = list(range(count))
    Random(1).shuffle(values)
    assert spread(values) == (cut, count - 1 - cut)


def test_the_spread_holds_the_true_median_as_often_as_it_says() -> None:
    random = Random(7)
    samples = [[random.gauss(0.0, 1.0) for _number in range(9)] for _round in range(2000)]
    held = sum(low <= 0.0 <= high for low, high in map(spread, samples))
    assert 0.94 < held / 2000 < 0.98


@pytest.mark.parametrize(("most", "verdict"), [(1.05, "reached"), (1.03, "missed"), (None, "informative")])
def test_a_count_is_judged_as_it_is(most: float | None, verdict: str) -> None:
    found = Count("read / ideal", 1.04, most, {"turns": []}).as_json()
    assert (found["value"], found["verdict"], found["details"]) == (1.04, verdict, {"turns": []})


# --- times ----------------------------------------------------------------------------------------


def test_times_keep_every_repetition_on_one_line() -> None:
    found = Times("search", [1.0, 2.5, *[2.0] * 198], 50.0, {"queries": 3}).as_json()
    assert found["ms"].split() == ["1.00", "2.50", *["2.00"] * 198]
    assert (found["ms_median"], found["ms_p95"], found["spread"]) == (2.0, 2.0, [2.0, 2.0])
    assert (found["most"], found["verdict"], found["details"]) == (50.0, "reached", {"queries": 3})


def test_the_95th_percentile_and_its_order_statistics() -> None:
    values = [float(number) for number in Random(1).sample(range(1, 201), 200)]
    assert p95(values) == 190
    # Of 200 values between 183 and 196 lie below the true one with 95 % probability.
    assert spread_of_p95(values) == (184, 197)
    assert spread_of_p95([1.0] * 71)[1] is None
    assert spread_of_p95([1.0] * 72)[1] == 1.0


@pytest.mark.parametrize(
    ("slow", "verdict"), [(0, "reached"), (3, "reached"), (4, "not shown"), (16, "not shown"), (17, "missed")]
)
def test_a_limit_on_times_is_judged_by_the_whole_spread(slow: int, verdict: str) -> None:
    assert judge_p95([60.0] * slow + [10.0] * (200 - slow), 50.0) == verdict
    assert judge_p95([60.0] * slow + [10.0] * (200 - slow), None) == "informative"


def test_few_times_show_nothing_good() -> None:
    assert judge_p95([1.0] * 20, 50.0) == "not shown"


# --- typical values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.5, 0.6, 0.7, 0.6, 0.5, 0.9, 1.0], "reached"),
        ([0.5, 0.6, 0.7, 0.6, 0.5, 0.9, 1.1], "not shown"),
        ([0.5, 0.6, 0.7, 0.6, 0.5, 0.5, 0.6, 0.9, 1.1], "reached"),  # of nine the greatest does not count
        ([0.5] * 6, "not shown"),
        ([1.1] * 7, "missed"),
    ],
)
def test_a_median_is_judged_by_its_whole_spread(values: list[float], verdict: str) -> None:
    found = Typical("first paint, s", values, 1.0, {"modules": []}).as_json()
    assert (found["values"], found["most"], found["verdict"]) == (values, 1.0, verdict)
    assert found["spread"][0] <= found["median"] <= found["spread"][1]


# --- texts and the store --------------------------------------------------------------------------


def test_the_same_texts_each_time_as_frequent_as_in_real_text() -> None:
    texts = Texts()
    said = [one for number in range(200) for one in texts.conversation(number, messages=10)]
    assert said[:10] == Texts().conversation(0, messages=10)
    han = [c for one in said for c in one.text if "\u4e00" <= c <= "\u9fff"]
    words = (
        " ".join(one.text for one in said if one.text.isascii()).replace(",", " ").replace(".", " ").split()
    )
    assert 0.03 < han.count("的") / len(han) < 0.06 and 0.01 < han.count("是") / len(han) < 0.03
    assert 0.05 < words.count("the") / len(words) < 0.09
    assert len(set(han)) > 2000 and len(set(words)) > 5000


def test_an_export_of_them_has_one_path() -> None:
    value = as_chatgpt(3, Texts().conversation(3, messages=4))
    assert [node["parent"] for node in value["mapping"].values()] == [None, "root", "m0", "m1", "m2"]
    assert value["current_node"] == "m3" and value["title"].startswith("3: ")


def test_every_kind_of_query_has_as_many_as_are_searched() -> None:
    queries = keeping.make_queries(Texts(), 20, 24)
    assert {len(found) for found in queries.values()} == {24}
    assert set(queries["的"]) == {"的"} and set(queries["是"]) == {"是"}
    assert all(len(query) == 2 for query in queries["two Chinese characters"])
    assert len(set(queries["one Chinese character of any frequency"])) > 15


def test_the_store_is_measured_through_its_doors(home: Path) -> None:
    results = [one.as_json() for one in measure_store(small_store(), lambda _text: None)]
    found = {one["title"]: one for one in results}
    counts = {title: one["value"] for title, one in found.items() if "value" in one}
    assert counts["import stopped in the middle: conversations of which a part is missing"] == 0
    assert counts["import: conversations without an event of their own"] == 0
    [again] = [value for title, value in counts.items() if title.startswith("import taken up again")]
    assert again == 0
    [first] = [one["details"] for title, one in found.items() if title.startswith("import, first half")]
    assert first["stopped_after"] == 6 and first["messages"] == 120
    times = [one for one in results if "ms" in one]
    assert {len(one["ms"].split()) for one in times} == {4}
    assert [one["most"] for one in times] == [50.0] * 11 + [None]
    assert all(one["details"]["hits"] for one in times[:-3] if not one["title"].endswith("any frequency"))
    assert list(home.iterdir()) == [], "measured in a home of its own"


def test_a_conversation_of_which_a_part_is_missing_is_counted(home: Path) -> None:
    texts, file = Texts(), home / "conversations.json"
    keeping._write_export(file, texts, 3)
    exported = json.loads(file.read_text("utf-8"))
    del exported[1]["mapping"]["m9"]
    file.write_text(json.dumps(exported))
    store = Store(home / "data" / "teahouse.db")
    keeping.Tracked(store, file)
    assert keeping._count_halves(store, texts) == 1
    store.close()


def small_store() -> Plan:
    return Plan(Path(), conversations=12, path_messages=60, searches=4)


# --- pairs ----------------------------------------------------------------------------------------


class StandIn:
    """A side that writes down who was asked and answers from a list."""

    def __init__(self, name: str, asked: list[tuple[str, Any]], rates: list[float]) -> None:
        self.name, self.asked, self.rates = name, asked, rates

    def ask(self, **request: Any) -> dict[str, Any]:
        self.asked.append((self.name, request["number"]))
        rate = self.rates[request["number"] % len(self.rates)]
        return {"prompt_tps": rate, "decode_tps": rate * 2, "prompt_tokens": 5, "tokens": 3}


def test_sides_are_warmed_up_and_then_take_turns_at_going_first() -> None:
    asked: list[tuple[str, Any]] = []
    ours, theirs = StandIn("ours", asked, [1.0, 2.0, 3.0]), StandIn("theirs", asked, [1.0, 1.0, 2.0])
    pairs = take_pairs(ours, theirs, 3, {}, lambda _text: None)  # type: ignore[arg-type]
    assert asked[:2] == [("ours", 98), ("theirs", 98)]
    assert asked[2:] == [("ours", 0), ("theirs", 0), ("theirs", 1), ("ours", 1), ("ours", 2), ("theirs", 2)]
    assert [(one["prompt_tps"], other["prompt_tps"]) for one, other in pairs] == [(1, 1), (2, 1), (3, 2)]


ECHO = """
import json, os, sys
from bench.side import serve, take_stdout
answers = take_stdout()
options = json.loads(sys.argv[1])
print("a library's chatter")

def answer(**request):
    if request.get("die"):
        sys.exit(3)
    return {"options": options, "request": request, "spin": os.environ.get("GOMP_SPINCOUNT", "")}

serve(answer, answers)
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A side that needs no model."""
    (tmp_path / "stand_in.py").write_text(ECHO, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("GOMP_SPINCOUNT", raising=False)


def test_a_side_answers_again_and_again_whatever_it_prints(stand_in: None) -> None:
    with start("stand_in", {"path": "茶"}) as side:
        for number in range(3):
            answer = side.ask(number=number)
            assert answer == {"options": {"path": "茶"}, "request": {"number": number}, "spin": "1000"}


def test_a_side_can_be_without_a_variable(stand_in: None) -> None:
    with start("stand_in", {}, GOMP_SPINCOUNT=None) as side:
        assert side.ask()["spin"] == ""


def test_a_side_that_dies_is_told(stand_in: None) -> None:
    with start("stand_in", {}) as side, pytest.raises(RuntimeError, match="stand_in"):
        side.ask(die=True)


# --- the ideal of the cache -----------------------------------------------------------------------


def test_what_was_computed_need_not_be_read_again() -> None:
    tokens = Tokens()
    assert tokens.unseen([1, 2, 3]) == 3
    tokens.add([1, 2, 3], [4, 5, 6])  # 6 was chosen, not computed
    assert tokens.unseen([1, 2, 3, 4, 5, 6, 7]) == 2
    assert tokens.unseen([1, 2, 3]) == 1, "the last token must be read to go on from it"
    assert tokens.unseen([1, 2, 9, 4]) == 2
    assert tokens.unseen([9]) == 1
    tokens.add([1, 2, 9], [4, 8])
    assert tokens.unseen([1, 2, 9, 4, 8]) == 1, "another branch"
    assert tokens.unseen([1, 2, 3, 4, 5, 6]) == 1, "the first branch is not forgotten"


# --- the record -----------------------------------------------------------------------------------


def test_the_record_names_commit_machine_day_and_versions(tmp_path: Path) -> None:
    found = record.circumstances(command.ROOT, tmp_path / "茶.gguf", {"pairs": 7})
    assert found["machine"]["cpu"]
    assert found["versions"]["teahouse"]
    assert found["date"].endswith("Z")
    assert (found["model"], found["options"]) == ("茶.gguf", {"pairs": 7})
    assert json.loads(json.dumps(found)) == found


def test_one_measurement_replaces_its_own_results_only(tmp_path: Path) -> None:
    file = tmp_path / "docs" / "measured.json"
    record.put(file, "engine", [Count("x", 1.0)], {"commit": "a"})
    record.put(file, "cache", [Count("y", 2.0)], {"commit": "a"})
    record.put(file, "engine", [Count("x", 3.0)], {"commit": "b"})
    found = record.read(file)["measurements"]
    assert {name: (one["commit"], one["results"][0]["value"]) for name, one in found.items()} == {
        "engine": ("b", 3.0),
        "cache": ("a", 2.0),
    }
    assert [path.name for path in file.parent.iterdir()] == ["measured.json"]


def test_a_record_of_another_schema_is_begun_anew(tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    file.write_text('{"schema": 0, "old": true}')
    assert record.read(file) == {"schema": record.SCHEMA, "measurements": {}}


def test_without_git_there_is_no_commit(tmp_path: Path) -> None:
    assert record.commit(tmp_path) == ""


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    done = subprocess.run(
        ["git", "-C", str(folder), *who, *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_what_was_measured_before_makes_no_commit_dirty(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    measured, source = tmp_path / record.RECORD, tmp_path / "core" / "a.py"
    for file in (measured, source):
        file.parent.mkdir()
        file.write_text("1\n", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "one")
    clean = git(tmp_path, "rev-parse", "HEAD")[:12]
    assert record.commit(tmp_path) == clean
    measured.write_text("2\n", encoding="utf-8")
    assert record.commit(tmp_path) == clean
    source.write_text("2\n", encoding="utf-8")
    assert record.commit(tmp_path) == f"{clean}-dirty"


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tmp_path / "tiny.gguf"


def run(monkeypatch: pytest.MonkeyPatch, model: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The command with stand-ins for what takes minutes."""
    plans: list[Plan] = []

    def engine(plan: Plan, _say: Any) -> list[Ratio | Count]:
        """Stands in."""
        plans.append(plan)
        return [Ratio("a / b", [0.98] * plan.pairs, [1.0] * plan.pairs, 0.97)]

    def cache(plan: Plan, _say: Any) -> list[Ratio | Count]:
        """Stands in."""
        return [Count("read / ideal", plan.turns / 50, 1.05)]

    monkeypatch.setattr(command, "MEASUREMENTS", {"engine": engine, "cache": cache})
    file = model.with_name("measured.json")
    code = command.main([*arguments, "--model", str(model), "--output", str(file)])
    return code, record.read(file)["measurements"]


def test_all_measurements_by_default(
    monkeypatch: pytest.MonkeyPatch, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run(monkeypatch, model)
    assert (code, list(found)) == (0, ["engine", "cache"])
    result = found["engine"]["results"][0]
    assert (result["verdict"], len(result["ratios"])) == ("reached", Plan(model).pairs)
    said = capsys.readouterr().out
    assert "a / b: 0.98 / 1.00 = 0.980 [0.980 … 0.980] (limit 0.97): reached" in said
    assert "read / ideal: 1.000 (limit 1.05): reached" in said


def test_named_measurements_and_their_sizes(monkeypatch: pytest.MonkeyPatch, model: Path) -> None:
    code, found = run(monkeypatch, model, "cache", "--turns", "60")
    assert (code, list(found)) == (0, ["cache"])
    assert found["cache"]["options"]["turns"] == 60
    assert found["cache"]["results"][0]["verdict"] == "missed", "a result, no error"


def test_an_unknown_measurement_and_a_missing_model_are_told(
    monkeypatch: pytest.MonkeyPatch, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(monkeypatch, model, "speed")
    assert "no measurement is called speed" in capsys.readouterr().err
    assert command.main(["--model", ""]) == 2
    assert "TEAHOUSE_TEST_MODEL" in capsys.readouterr().err


def test_what_needs_no_model_is_measured_without_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def store(plan: Plan, _say: Any) -> list[Times | Typical]:
        """Stands in."""
        times = [Times("search", [9.0] * plan.searches, 50.0), Times("too few", [9.0], 50.0)]
        return [*times, Typical("first paint, s", [0.5] * plan.starts, 1.0)]

    monkeypatch.setattr(command, "MEASUREMENTS", {"store": store})
    file = tmp_path / "measured.json"
    assert command.main(["--model", "", "--output", str(file)]) == 0
    found = record.read(file)["measurements"]["store"]
    sizes = {"conversations": 10_000, "path_messages": 5_000, "searches": 200}
    assert (found["model"], found["options"]) == ("", sizes)
    said = capsys.readouterr().out
    assert "search: 9.0 ms [9.0 … 9.0], median 9.0 ms (limit 50.0): reached" in said
    assert "too few: 9.0 ms [9.0 … ?], median 9.0 ms (limit 50.0): not shown" in said
    assert "first paint, s: 0.500 [0.500 … 0.500] (limit 1.0): reached" in said


def test_the_defaults_are_enough_to_show_something() -> None:
    plan = Plan(Path("x"))
    assert plan.pairs >= 7
    assert plan.starts >= 7
    assert plan.turns == 50
    measured = {"engine", "window", "cache", "busy", "store", "painting", "startup", "sampling"}
    assert set(MEASUREMENTS) >= measured | {"documents", "indexing", "beside", "answers", "adapters"}
    assert plan.conversations * keeping.MESSAGES >= 100_000 and plan.path_messages == 5_000


# --- for real -------------------------------------------------------------------------------------


@pytest.mark.gguf
def test_both_loops_run_and_read_and_write_as_much_as_asked(starter: Path) -> None:
    plan = Plan(starter, pairs=1, prompt_tokens=8, tokens=3)
    reading, writing = measure_engine(plan, lambda _text: None)
    for result in (reading, writing):
        assert isinstance(result, Ratio)
        assert result.ours[0] > 0 < result.theirs[0]
        assert result.as_json()["verdict"] == "not shown", "one pair shows nothing"


@pytest.mark.gguf
def test_the_cache_is_counted_from_what_was_really_sent(starter: Path) -> None:
    found = measure_cache(Plan(starter, turns=7, reply_tokens=2), lambda _text: None)[0].as_json()
    turns = found["details"]["turns"]
    assert [turn["kind"] for turn in turns] == ["send"] * 4 + ["regenerate", "send", "edit"]
    assert all(1 <= turn["ideal_of_all"] <= turn["ideal"] <= turn["prompt"] for turn in turns)
    assert all(turn["ideal_of_all"] <= turn["read"] <= turn["prompt"] for turn in turns)
    assert turns[4]["ideal"] == 1, "an answer again needs no reading"


@pytest.mark.gguf
def test_the_window_takes_part(starter: Path) -> None:
    plan = Plan(starter, pairs=1, prompt_tokens=8, tokens=3)
    with start("bench.window", plan.options) as side:
        answer = side.ask(prompt_tokens=8, tokens=3, number=1)
    assert answer["tokens"] == 3
    assert answer["prompt_tokens"] > 8
    assert answer["prompt_tps"] > 0 < answer["decode_tps"]


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.0
    assert percentile(list(map(float, range(1, 101))), 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


@pytest.mark.gui
def test_painting_is_measured_in_a_real_window() -> None:
    with start("bench.painting", {}) as side:
        stream = side.ask(what="stream", messages=6, tokens=120)
        assert len(stream["gaps_ms"]) > 20
        assert min(stream["gaps_ms"]) >= 0
        assert 20 < stream["tokens_a_second"] < 260
        assert side.ask(what="cost", characters=400)["ms"] > 0
        assert side.ask(what="open", messages=20)["ms"] > 0


@pytest.mark.gui
def test_a_start_is_measured_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(startup, "CONVERSATIONS", 2)
    said: list[str] = []
    [report] = startup.measure_starts(1, said.append)
    assert 0 < report["first_paint_s"] < 30
    assert report["rss_bytes"] > 20e6
    assert "numpy" not in report["modules"]
    assert said == ["start 1 of 1 …"]
