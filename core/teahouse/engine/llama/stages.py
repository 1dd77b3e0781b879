"""From sampler values to llama.cpp's native samplers, one for each stage."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import llama_cpp as lib

from teahouse.engine.json_schema import to_grammar
from teahouse.engine.llama.own import Banned, OwnStage, Prune
from teahouse.engine.llama.vocab import Vocab
from teahouse.engine.sampling import Sampling
from teahouse.errors import EngineError
from teahouse.language import _

LEAST_KEPT = 1
MIROSTAT_TOKENS = 100
"""How many of the likeliest tokens mirostat 1 estimates the distribution's shape from, as llama.cpp does."""
ROOT = b"root"
LOGARITHMIC = ("typical_p", "mirostat")
"""Stages that take the logarithm of every candidate's probability."""

Make = Callable[[Sampling, Vocab], Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """One native sampler.

    Attributes:
        name: As in `sampling.ORDER`; "prune" and "dist" are not among those.
        native: Its handle; the chain that it is added to frees it.
        own: Where it is one of ours.
    """

    name: str
    native: Any
    own: OwnStage | None = None


def make_stages(sampling: Sampling, vocab: Vocab) -> Iterator[Stage]:
    """The stages of a chain in the order in which they act; the last one chooses.

    Raises:
        EngineError: llama.cpp refuses the grammar.
    """
    for name in sampling.stages:
        if name in LOGARITHMIC or (name == "temperature" and sampling.dynatemp_range > 0):
            yield _own("prune", Prune())
        if name == "banned":
            yield _own(name, Banned(vocab, sampling.banned))
        else:
            yield Stage(name, MAKERS[name](sampling, vocab))
    if sampling.chooser == "dist":
        yield Stage("dist", lib.llama_sampler_init_dist(sampling.seed or 0))


def _own(name: str, own: OwnStage) -> Stage:
    return Stage(name, own.native, own)


def _logit_bias(s: Sampling, vocab: Vocab) -> Any:
    biases = (lib.llama_logit_bias * len(s.logit_bias))(*s.logit_bias)
    return lib.llama_sampler_init_logit_bias(vocab.size, len(biases), biases)


def _grammar(s: Sampling, vocab: Vocab) -> Any:
    text = s.grammar or to_grammar(s.json_schema)
    made = lib.llama_sampler_init_grammar(vocab.handle, text.encode(), ROOT)
    if not made:
        raise EngineError(
            _("llama.cpp does not take this grammar."), _("Change sampling.grammar or sampling.json_schema.")
        )
    return made


def _penalties(s: Sampling, vocab: Vocab) -> Any:
    values = (s.repeat_penalty, s.frequency_penalty, s.presence_penalty)
    return lib.llama_sampler_init_penalties(vocab.size, window_of(s.repeat_window, vocab), *values)


def _dry(s: Sampling, vocab: Vocab) -> Any:
    texts = [text.encode() for text in s.dry_breakers]
    breakers = (ctypes.c_char_p * len(texts))(*texts)
    values = (s.dry_multiplier, s.dry_base, s.dry_allowed_length, window_of(s.dry_window, vocab))
    return lib.llama_sampler_init_dry(vocab.handle, *values, breakers, len(texts))


def _temperature(s: Sampling, vocab: Vocab) -> Any:
    if s.is_greedy:
        return lib.llama_sampler_init_greedy()
    if s.dynatemp_range > 0:
        return lib.llama_sampler_init_temp_ext(s.temperature, s.dynatemp_range, s.dynatemp_exponent)
    return lib.llama_sampler_init_temp(s.temperature)


def _mirostat(s: Sampling, vocab: Vocab) -> Any:
    values = (s.seed or 0, s.mirostat_tau, s.mirostat_eta)
    if s.mirostat == 1:
        return lib.llama_sampler_init_mirostat(vocab.size, *values, MIROSTAT_TOKENS)
    return lib.llama_sampler_init_mirostat_v2(*values)


def window_of(window: int, vocab: Vocab) -> int:
    """A window in tokens: -1 is the whole context, and none is longer."""
    return vocab.context_length if window < 0 else min(window, vocab.context_length)


MAKERS: dict[str, Make] = {
    "logit_bias": _logit_bias,
    "grammar": _grammar,
    "penalties": _penalties,
    "dry": _dry,
    "top_n_sigma": lambda s, _vocab: lib.llama_sampler_init_top_n_sigma(s.top_n_sigma),
    "top_k": lambda s, _vocab: lib.llama_sampler_init_top_k(s.top_k),
    "typical_p": lambda s, _vocab: lib.llama_sampler_init_typical(s.typical_p, LEAST_KEPT),
    "top_p": lambda s, _vocab: lib.llama_sampler_init_top_p(s.top_p, LEAST_KEPT),
    "min_p": lambda s, _vocab: lib.llama_sampler_init_min_p(s.min_p, LEAST_KEPT),
    "xtc": lambda s, _vocab: lib.llama_sampler_init_xtc(
        s.xtc_probability, s.xtc_threshold, LEAST_KEPT, s.seed or 0
    ),
    "temperature": _temperature,
    "mirostat": _mirostat,
    "adaptive_p": lambda s, _vocab: lib.llama_sampler_init_adaptive_p(
        s.adaptive_target, s.adaptive_decay, s.seed or 0
    ),
}
