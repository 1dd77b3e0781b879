"""How fast a model runs here: a prompt read and a reply written, a few times, through the engine's child."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from statistics import median

from teahouse.engine.client import Engines
from teahouse.engine.loaded import Engine
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineError
from teahouse.jobs import Cancel, Work
from teahouse.language import _
from teahouse.messages import ModelLoading
from teahouse.workers.process import WAITING

SENTENCE = (
    "The tea in cup number {number} came from the hills, and the guest who drank it told a long story. "
)
TOKENS_A_SENTENCE = 10
"""Fewer than any tokenizer makes of it, so that there is always enough."""


@dataclass(frozen=True, slots=True)
class SpeedProgress:
    """`done` of `total` repetitions have been measured."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Run:
    """One repetition: tokens read and written, and how many a second."""

    prompt_tokens: int
    tokens: int
    prompt_tps: float
    decode_tps: float


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

    Attributes:
        load_s: Seconds to load the model; of its last load when it was in memory already.
    """

    model: str
    load_s: float
    runs: tuple[Run, ...]

    @property
    def prompt_tps(self) -> float:
        """Prompt tokens read a second: the median of the repetitions."""
        return median(run.prompt_tps for run in self.runs)

    @property
    def decode_tps(self) -> float:
        """Tokens written a second: the median of the repetitions that wrote more than one."""
        return median([run.decode_tps for run in self.runs if run.tokens > 1] or [0.0])


def measure(
    engines: Engines, model: str, *, prompt_tokens: int = 256, tokens: int = 64, repetitions: int = 3
) -> Work:
    """Work that measures a model with the settings in force; yields `ModelLoading` and `SpeedProgress`.

    Each repetition reads the whole prompt anew. Returns a `Speed`.

    Raises:
        AppError: The model cannot be loaded, or the tokens do not fit into its context.
    """

    def work(cancel: Cancel) -> Generator[ModelLoading | SpeedProgress | None, None, Speed]:
        engine = yield from engines.open(model, cancel)
        _check_room(engine, prompt_tokens + tokens)
        ids = _prompt(engine, prompt_tokens, cancel)
        runs: list[Run] = []
        for number in range(repetitions):
            yield SpeedProgress(number, repetitions)
            runs.append((yield from _run(engine, ids, tokens, cancel)))
        return Speed(engine.model.name, float(engine.facts.get("load_s", 0.0)), tuple(runs))

    return work


def _check_room(engine: Engine, tokens: int) -> None:
    if tokens > engine.context_length:
        raise EngineError(
            _("{tokens} tokens do not fit into the context of {context}.").format(
                tokens=tokens, context=engine.context_length
            ),
            _("Measure with fewer, or raise engine.context."),
        )


def _prompt(engine: Engine, count: int, cancel: Cancel) -> list[int]:
    """The beginning of a long message; cut in the middle, so that the model goes on instead of ending."""
    sentences = count // TOKENS_A_SENTENCE + 2
    text = "".join(SENTENCE.format(number=number) for number in range(sentences))
    return engine.render([{"role": "user", "content": text}], cancel).ids[:count]


def _run(engine: Engine, ids: list[int], tokens: int, cancel: Cancel) -> Generator[None, None, Run]:
    steps = engine.generate(
        ids,
        sampling=Sampling(temperature=0.0, seed=1),
        max_tokens=tokens,
        stop=(),
        cancel=cancel,
        is_reproducible=True,
    )
    try:
        while True:
            if next(steps) is WAITING:
                yield None
    except StopIteration as done:
        usage, timings = done.value["usage"], done.value["timings"]
        return Run(
            usage["prompt_tokens"], usage["completion_tokens"], timings["prompt_tps"], timings["decode_tps"]
        )
    finally:
        steps.close()
