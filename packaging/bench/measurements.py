"""The measurements by name: each asks two sides in turn, counts, or takes the time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import answers, finding, keeping, library, startup, training
from bench.ratio import Count, Ratio, Result, Times, Typical, percentile
from bench.side import Side, start
from teahouse.engine.configuration import EngineConfig, default_threads

RATES = {"prompt_tps": "prompt tokens/s", "decode_tps": "decode tokens/s"}
ENGINE_LIMIT, WINDOW_LIMIT, CACHE_LIMIT = 0.97, 0.95, 1.05
BUSY_TOKENS = 8
"""Written by each side on a busy machine, where one of them takes more than a second for each."""

STREAM_MESSAGES, STREAM_TOKENS = 500, 4_000
OPENED_MESSAGES, OPENINGS, OPENED_LIMIT_MS = 5_000, 80, 300.0
FIRST_PAINT_LIMIT_S, IDLE_LIMIT_MB = 1.0, 200.0

SCORED_TOKENS = 1024
SCORE_LIMIT = 1 / 1.15
"""Scoring may take 1.15 times as long as a bare pass."""
GROWTH_LIMIT_MB = 40.0
"""Under a tenth of the logits of so many more tokens: 467 MB for a vocabulary of 152,000."""

SLIDER_LIMIT_MS = 300.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is measured, and how much of it.

    Args:
        pairs: Interleaved pairs of each comparison.
        prompt_tokens, tokens: Read and written in each repetition.
        turns: Of the three conversations together.
        conversations: Imported, and searched in.
        path_messages: Of the long conversation that is opened.
        searches: Of each kind, and how often the long conversation is opened.
        starts: Of the window.
        passages: Of documents, searched in.
        questions, beside_questions: Asked in each language, of the model and of the one beside it.
        threads: Of the models that answer from documents; 0 leaves it to the app.
        beside: Another model that answers the same questions.
        keep: Where what is slow is kept, so that another run goes on; None for nowhere.
    """

    model: Path
    pairs: int = 9
    prompt_tokens: int = 256
    tokens: int = 64
    turns: int = 50
    reply_tokens: int = 24
    conversations: int = 10_000
    path_messages: int = 5_000
    searches: int = 200
    starts: int = 15
    passages: int = 100_000
    questions: int = 120
    beside_questions: int = 40
    threads: int = 0
    beside: Path | None = None
    keep: Path | None = None

    @property
    def options(self) -> dict[str, Any]:
        """What each side is started with."""
        config = EngineConfig(threads=default_threads(), gpu_layers=0)
        return {"path": str(self.model), "config": config.as_json()}


def measure_engine(plan: Plan, say: Say) -> list[Ratio | Count]:
    """The child's own loop against a bare loop."""
    with start("bench.child", plan.options) as ours, start("bench.bare", plan.options) as bare:
        request = {"prompt_tokens": plan.prompt_tokens, "tokens": plan.tokens}
        pairs = take_pairs(ours, bare, plan.pairs, request, say)
    return ratios("engine's own loop / bare loop", pairs, ENGINE_LIMIT)


def measure_window(plan: Plan, say: Say) -> list[Ratio | Count]:
    """Through pipe, store and window against a bare loop over prompts and replies of the same length."""
    with start("bench.window", plan.options) as ours, start("bench.bare", plan.options) as bare:
        ours.ask(prompt_tokens=plan.prompt_tokens, tokens=plan.tokens, number=98)
        tried = ours.ask(prompt_tokens=plan.prompt_tokens, tokens=plan.tokens, number=99)
        request = {"prompt_tokens": plan.prompt_tokens, "tokens": plan.tokens}
        same = {name: tried[name] for name in ("prompt_tokens", "cached_tokens", "tokens")}
        pairs = take_pairs(ours, bare, plan.pairs, request, say, their_request=same)
    return ratios("pipe and window / bare loop", pairs, WINDOW_LIMIT)


def measure_cache(plan: Plan, say: Say) -> list[Ratio | Count]:
    """Tokens read in three interleaved conversations against those that nobody could have kept.

    `bench.talk.Tokens` says what that is.
    """
    say(f"cache: {plan.turns} turns …")
    with start("bench.talk", plan.options) as side:
        turns = side.ask(turns=plan.turns, max_tokens=plan.reply_tokens)["turns"]
    sums = {name: sum(turn[name] for turn in turns) for name in ("prompt", "read", "ideal", "ideal_of_all")}
    details = {"sums": sums, "turns": turns}
    strict, own = sums["read"] / sums["ideal_of_all"], sums["read"] / sums["ideal"]
    return [
        Count("prefilled tokens / ideal over all conversations", strict, CACHE_LIMIT, details),
        Count("prefilled tokens / ideal of each conversation by itself", own, CACHE_LIMIT),
    ]


def measure_busy(plan: Plan, say: Say) -> list[Ratio | Count]:
    """The child's loop with its short spinning against OpenMP's own, while one core is busy."""
    request = {"prompt_tokens": BUSY_TOKENS, "tokens": BUSY_TOKENS}
    with (
        start("bench.child", plan.options) as ours,
        start("bench.child", plan.options, GOMP_SPINCOUNT=None) as default,
    ):
        for side in (ours, default):
            side.ask(**request, number=0)
        with busy_core():
            pairs = take_pairs(ours, default, plan.pairs, request, say)
    return [
        Ratio("one core busy: GOMP_SPINCOUNT=1000 / default, decode tokens/s", *columns(pairs, "decode_tps"))
    ]


def measure_store(plan: Plan, say: Say) -> list[Count | Times]:
    """An import that is stopped and goes on, searches in what it brought, opening a long conversation."""
    return keeping.measure(plan.conversations, plan.path_messages, plan.searches, say)


def measure_painting(plan: Plan, say: Say) -> list[Count | Times]:
    """The window while echo tells a long reply: gaps between events, cost of a token; a long opening."""
    with start("bench.painting", {}) as side:
        say("a reply at 200 tokens a second …")
        stream = side.ask(what="stream", messages=STREAM_MESSAGES, tokens=STREAM_TOKENS)
        gaps = sorted(stream["gaps_ms"])
        say("the cost of a token …")
        costs = [
            [side.ask(what="cost", characters=size)["ms"] for size in (1_000, 20_000)]
            for _pair in range(max(plan.pairs, 7))
        ]
        say("opening …")
        opened = [side.ask(what="open", messages=OPENED_MESSAGES)["ms"] for _time in range(OPENINGS)]
    told = {"gaps": len(gaps), "tokens_a_second": round(stream["tokens_a_second"], 1)}
    short, long = (median(column) for column in zip(*costs, strict=True))
    return [
        Count("99th percentile of gaps between the window's events, ms", percentile(gaps, 0.99), 33.0, told),
        Count("longest gap between the window's events, ms", gaps[-1], 200.0, told),
        Count("cost of a token after 20,000 characters / after 1,000", long / short, 2.0, {"ms": costs}),
        Times("opening a conversation of 5,000 messages until it is painted", opened, OPENED_LIMIT_MS),
    ]


def measure_startup(plan: Plan, say: Say) -> list[Typical]:
    """The real command opens the real window: seconds until it is painted, memory when it rests."""
    reports = startup.measure_starts(plan.starts, say)
    told = {"conversations": startup.CONVERSATIONS, "modules": reports[-1]["modules"]}
    painted = [report["first_paint_s"] for report in reports]
    idle = [report["rss_bytes"] / 1e6 for report in reports]
    return [
        Typical("from the start of the process to the first paint, s", painted, FIRST_PAINT_LIMIT_S, told),
        Typical("memory of the idle window, MB", idle, IDLE_LIMIT_MB),
    ]


def measure_sampling(plan: Plan, say: Say) -> list[Ratio | Count]:
    """Scoring against a bare pass with logits at every position; a reply's speed while nobody looks."""
    request = {"tokens": SCORED_TOKENS}
    with start("bench.judged", plan.options) as ours, start("bench.rows", plan.options) as bare:
        few = ours.ask(tokens=SCORED_TOKENS // 4, number=97)["most_mb"]
        many = ours.ask(tokens=SCORED_TOKENS, number=98)["most_mb"]
        pairs = take_pairs(ours, bare, plan.pairs, request, say)
    told = {"few_mb": few, "many_mb": many, "bare_mb": pairs[-1][1]["most_mb"]}
    with start("bench.child", plan.options) as child, start("bench.bare", plan.options) as loop:
        written = {"prompt_tokens": BUSY_TOKENS, "tokens": plan.tokens}
        replies = take_pairs(child, loop, plan.pairs, written, say)
    return [
        Ratio("score, 20 likeliest told / bare pass, tokens/s", *columns(pairs, "score_tps"), SCORE_LIMIT),
        Count("memory that four times the text takes more, MB", many - few, GROWTH_LIMIT_MB, told),
        Ratio("panel closed: engine's loop / bare loop, decode tokens/s", *columns(replies, "decode_tps")),
    ]


def measure_documents(plan: Plan, say: Say) -> list[Ratio | Count | Times]:
    """Searches in 100,000 passages, and the speed of indexing."""
    return finding.measure(plan.passages, plan.searches, plan.pairs, say)


def measure_indexing(plan: Plan, say: Say) -> list[Ratio | Count | Times]:
    """The real library: a folder until it can be searched, rescans, memory at rest."""
    return library.measure_indexing(plan.pairs, say)


def measure_beside(plan: Plan, say: Say) -> list[Ratio | Count]:
    """A chat and the window while the real library indexes a folder."""
    return library.measure_beside(plan.model, plan.options["config"], plan.pairs, say)


def measure_answers(plan: Plan, say: Say) -> Sequence[Result]:
    """Recall, gate and replies from documents, where XQUAD names the folder of XQuAD."""
    return answers.measure(plan, say)


def measure_training(plan: Plan, say: Say) -> Sequence[Result]:
    """Reading a GGUF file and steps of LoRA against transformers and PEFT, TRL beside."""
    return training.measure(plan.model, plan.pairs, say)


def measure_adapters(plan: Plan, say: Say) -> list[Typical | Count | Times]:
    """From a slider that has moved to the first token, beyond the reading that it makes necessary."""
    with start("bench.adapted", plan.options) as side:
        side.ask(prompt_tokens=plan.tokens, number=98)
        taken = []
        for number in range(max(plan.pairs, 15)):
            say(f"change {number + 1} …")
            taken.append(side.ask(prompt_tokens=plan.tokens, number=number))
    beyond = [one["changed_ms"] - one["reading_ms"] for one in taken]
    told = {"tokens": plan.tokens, "changed_ms": [round(one["changed_ms"], 1) for one in taken]}
    title = "adapter's scale changed: first token, beyond reading anew, ms"
    return [
        Typical(title, beyond, SLIDER_LIMIT_MS, told),
        Count(f"{title}: the longest", max(beyond), SLIDER_LIMIT_MS),
        Times("adapter's scale changed back: first token", [one["back_ms"] for one in taken]),
    ]


MEASUREMENTS: dict[str, Callable[[Plan, Say], Sequence[Result]]] = {
    "engine": measure_engine,
    "window": measure_window,
    "cache": measure_cache,
    "busy": measure_busy,
    "store": measure_store,
    "painting": measure_painting,
    "startup": measure_startup,
    "sampling": measure_sampling,
    "documents": measure_documents,
    "answers": measure_answers,
    "adapters": measure_adapters,
    "indexing": measure_indexing,
    "beside": measure_beside,
    "training": measure_training,
}
BY_NAME_ONLY = frozenset({"training"})
"""Not part of all: its peers have an environment of their own (`make bench-train`)."""
WITHOUT_MODEL = frozenset({"store", "painting", "startup", "documents", "indexing"})

Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


def take_pairs(
    ours: Side,
    theirs: Side,
    count: int,
    request: dict[str, Any],
    say: Say,
    *,
    their_request: dict[str, Any] | None = None,
) -> Pairs:
    """Ask both sides `count` times, one after the other; who goes first alternates. Warmed up before."""
    asks = ((ours, request), (theirs, their_request or request))
    for side, wanted in asks:
        side.ask(**wanted, number=98)
    pairs: Pairs = []
    for number in range(count):
        say(f"pair {number + 1} of {count} …")
        order = asks if number % 2 == 0 else asks[::-1]
        answers = {id(side): side.ask(**wanted, number=number) for side, wanted in order}
        pairs.append((answers[id(ours)], answers[id(theirs)]))
    return pairs


def ratios(title: str, pairs: Pairs, limit: float) -> list[Ratio | Count]:
    """One ratio for reading and one for writing."""
    return [Ratio(f"{title}, {words}", *columns(pairs, name), limit) for name, words in RATES.items()]


def columns(pairs: Pairs, name: str) -> tuple[list[float], list[float]]:
    """One value of all pairs: ours, theirs."""
    return [ours[name] for ours, _theirs in pairs], [theirs[name] for _ours, theirs in pairs]


@contextmanager
def busy_core() -> Iterator[None]:
    """A process that computes without end."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()
