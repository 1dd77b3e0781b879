"""Sampler values of one reply: every stage of llama.cpp's chain, in the order in which they act.

A *stage* takes the candidates for the next token and changes or cuts them. `ORDER` is the order in which
they act unless `Sampling.order` says otherwise; a stage whose values are neutral does nothing and is left
out of the chain, so `Sampling.stages` names exactly those that act. The last of the chain chooses the
token (`Sampling.chooser`): "dist" draws from what is left, "greedy" takes the likeliest (temperature 0),
"mirostat" and "adaptive_p" draw by rules of their own.

Four stages have their place wherever they stand in the order: what forbids tokens ("banned", "grammar")
acts first, so that something is left to choose from, and what chooses acts last. Mirostat wins over
adaptive-p where both are on, as in llama.cpp. At temperature 0 the stages that only cut (`CUTTING`) are
left out: the likeliest token is taken. Under mirostat they are left out too, as in llama.cpp, because it
cuts by itself and must see the whole distribution.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from teahouse.engine import grammar, json_schema
from teahouse.engine.allowed import (
    LONGEST_BREAKER,
    MOST_BREAKERS,
    check_biases,
    check_names,
    check_number,
    check_texts,
    frozen,
    refuse,
    thawed,
)
from teahouse.errors import SettingError
from teahouse.language import _

LIMITS: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 5.0),
    "dynatemp_range": (0.0, 5.0),
    "dynatemp_exponent": (0.01, 10.0),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "typical_p": (0.0, 1.0),
    "top_n_sigma": (-1.0, 100.0),
    "xtc_probability": (0.0, 1.0),
    "xtc_threshold": (0.0, 1.0),
    "repeat_penalty": (0.5, 2.0),
    "frequency_penalty": (-2.0, 2.0),
    "presence_penalty": (-2.0, 2.0),
    "repeat_window": (0, 1_000_000),
    "dry_multiplier": (0.0, 10.0),
    "dry_base": (1.0, 8.0),
    "dry_allowed_length": (1, 1_000),
    "dry_window": (-1, 1_000_000),
    "mirostat": (0, 2),
    "mirostat_tau": (0.0, 20.0),
    "mirostat_eta": (0.0, 1.0),
    "adaptive_target": (-1.0, 1.0),
    "adaptive_decay": (0.0, 0.99),
    "seed": (0, 2**32 - 2),
}
"""The least and the greatest value of every number."""

WHOLE = frozenset(("top_k", "repeat_window", "dry_allowed_length", "dry_window", "mirostat", "seed"))
"""Those that are whole numbers."""

ORDER = (
    *("logit_bias", "banned", "grammar", "penalties", "dry"),
    *("top_n_sigma", "top_k", "typical_p", "top_p", "min_p", "xtc", "temperature"),
    *("mirostat", "adaptive_p"),
)
"""All stages, in llama.cpp's order (`common_params_sampling.samplers`), what forbids tokens first."""

CUTTING = frozenset(("top_n_sigma", "top_k", "typical_p", "top_p", "min_p", "xtc"))
"""Stages that drop candidates and change no logit."""

FORBIDDING = ("banned", "grammar")
"""Stages that make tokens impossible."""

CHOOSING = frozenset(("mirostat", "adaptive_p"))
"""Stages that draw the token themselves."""

LEAST_TEMPERATURE = 0.001
"""Below it the likeliest token is taken: dividing by less leaves the range of float32."""

MOST_XTC_THRESHOLD = 0.5
"""Above it no two tokens can both reach the threshold, and XTC does nothing."""

ALWAYS_TOLD = ("repeat_penalty", "repeat_window", "top_k", "top_p", "min_p", "temperature", "seed")


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; every value but the first six is neutral unless it is given.

    Attributes:
        temperature: 0 always takes the likeliest token.
        top_k: Keep this many likeliest tokens; 0 keeps all.
        top_p: Keep the likeliest tokens that together reach this probability.
        min_p: Drop tokens less likely than this share of the likeliest one.
        repeat_penalty: Above 1 makes tokens of the last `repeat_window` less likely.
        repeat_window: Tokens that the three penalties look back at; 0 switches all three off.
        seed: None lets the app choose one, which is stored with the reply.
        dynatemp_range: The temperature varies by this much up and down with the entropy; 0 is off.
        dynatemp_exponent: How steeply it follows the entropy.
        typical_p: Keep the tokens whose surprise is closest to the expected one, up to this probability.
        top_n_sigma: Keep logits within this many standard deviations of the highest; 0 or less is off.
        xtc_probability: How often XTC drops the likeliest tokens; 0 is off.
        xtc_threshold: XTC drops all tokens that reach this probability but the least likely of them.
        dry_multiplier: Strength of DRY, which makes going on with a repeated sequence unlikely; 0 is off.
        dry_base: By which factor its penalty grows with each repeated token.
        dry_allowed_length: Longest repetition that is not penalised.
        dry_window: Tokens DRY looks back at; -1 is the whole context, 0 is off.
        dry_breakers: Texts across which no repetition is counted.
        frequency_penalty: Subtracted from a logit for each time the token stands in the window.
        presence_penalty: Subtracted once if it stands there.
        mirostat: 1 or 2 keeps the surprise near `mirostat_tau`; 0 is off.
        mirostat_tau: Wanted surprise, in bits.
        mirostat_eta: How fast it is corrected.
        adaptive_target: Wanted probability of the tokens chosen; negative is off.
        adaptive_decay: How much of the past counts for it: about 1 / (1 - decay) tokens.
        logit_bias: (token id, added to its logit).
        banned: Words and phrases that are never written; see `engine.llama.banned`.
        grammar: What the reply must match, in GBNF; see `engine.grammar`.
        json_schema: What the reply must match, as the text of a JSON Schema; see `engine.json_schema`.
        order: Names of stages in the order in which they act; those not named act after them.
        off: Names of stages that do not act, whatever their values.

    Raises:
        SettingError: A value cannot be; says what can. `GrammarError` for a grammar or a schema.
    """

    temperature: float = 0.7
    top_k: int = 40
    top_p: float = 0.95
    min_p: float = 0.05
    repeat_penalty: float = 1.0
    repeat_window: int = 64
    seed: int | None = None
    dynatemp_range: float = 0.0
    dynatemp_exponent: float = 1.0
    typical_p: float = 1.0
    top_n_sigma: float = -1.0
    xtc_probability: float = 0.0
    xtc_threshold: float = 0.1
    dry_multiplier: float = 0.0
    dry_base: float = 1.75
    dry_allowed_length: int = 2
    dry_window: int = -1
    dry_breakers: tuple[str, ...] = ("\n", ":", '"', "*")
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    mirostat: int = 0
    mirostat_tau: float = 5.0
    mirostat_eta: float = 0.1
    adaptive_target: float = -1.0
    adaptive_decay: float = 0.9
    logit_bias: tuple[tuple[int, float], ...] = ()
    banned: tuple[str, ...] = ()
    grammar: str = ""
    json_schema: str = ""
    order: tuple[str, ...] = ORDER
    off: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            if name != "seed" or self.seed is not None:
                check_number(name, getattr(self, name), limits, is_whole=name in WHOLE)
        for name in ("dry_breakers", "logit_bias", "banned", "order", "off"):
            given = frozen(getattr(self, name))
            if not isinstance(given, tuple):
                refuse(name, given, _("It is a list."), 0, 0)
            object.__setattr__(self, name, given)  # a list becomes a tuple
        check_texts("dry_breakers", self.dry_breakers, longest_bytes=LONGEST_BREAKER, most=MOST_BREAKERS)
        check_texts("banned", self.banned)
        check_biases("logit_bias", self.logit_bias)
        check_names("order", self.order, ORDER)
        check_names("off", self.off, ORDER)
        self._check_grammar()

    def _check_grammar(self) -> None:
        for name in ("grammar", "json_schema"):
            if not isinstance(getattr(self, name), str):
                refuse(name, getattr(self, name), _("It is a text."), 0, 0)
        if "grammar" in self.off:
            return
        if self.grammar and self.json_schema:
            raise SettingError(
                _("A grammar and a JSON Schema cannot both hold."), _("Empty one of them."), key="json_schema"
            )
        if self.grammar:
            grammar.check(self.grammar)
        if self.json_schema:
            json_schema.to_grammar(self.json_schema)

    # --- what acts ----------------------------------------------------------------------------------

    @property
    def is_greedy(self) -> bool:
        """Whether the likeliest token is always taken."""
        return self.temperature < LEAST_TEMPERATURE and "temperature" not in self.off

    @property
    def stages(self) -> tuple[str, ...]:
        """Names of the stages that act, in the order in which they do; a chooser of its own is the last."""
        rest = tuple(name for name in ORDER if name not in self.order)
        acting = [name for name in (*self.order, *rest) if self._acts(name)]
        last = next((name for name in ORDER if name in CHOOSING and name in acting), "")
        left_out = set(CHOOSING)
        if self.is_greedy or last == "mirostat":
            left_out |= CUTTING
        if self.is_greedy:
            last = "temperature"
            left_out.add(last)
        first = [name for name in FORBIDDING if name in acting]
        middle = [name for name in acting if name not in left_out and name not in FORBIDDING]
        return (*first, *middle, *([last] if last else []))

    @property
    def chooser(self) -> str:
        """What draws the token from the candidates left: greedy, dist, mirostat or adaptive_p."""
        if self.is_greedy:
            return "greedy"
        return self.stages[-1] if self.stages and self.stages[-1] in CHOOSING else "dist"

    def _acts(self, name: str) -> bool:
        """Whether a stage is on and its values change anything."""
        if name in self.off:
            return False
        return {
            "logit_bias": bool(self.logit_bias),
            "banned": bool(self.banned),
            "grammar": bool(self.grammar or self.json_schema),
            "penalties": bool(
                self.repeat_window
                and (self.repeat_penalty != 1.0 or self.frequency_penalty or self.presence_penalty)
            ),
            "dry": self.dry_multiplier > 0 and self.dry_window != 0,
            "top_n_sigma": self.top_n_sigma > 0,
            "top_k": self.top_k > 0,
            "typical_p": self.typical_p < 1,
            "top_p": self.top_p < 1,
            "min_p": self.min_p > 0,
            "xtc": self.xtc_probability > 0 and self.xtc_threshold <= MOST_XTC_THRESHOLD,
            "temperature": self.temperature != 1.0 or self.dynatemp_range > 0,
            "mirostat": self.mirostat != 0,
            "adaptive_p": self.adaptive_target >= 0,
        }[name]

    # --- over the pipe and into the store -----------------------------------------------------------

    def seeded(self) -> Sampling:
        """The same values with a seed."""
        return (
            self if self.seed is not None else replace(self, seed=random.SystemRandom().randrange(2**32 - 1))
        )

    def as_json(self) -> dict[str, Any]:
        """The values as they cross the pipe and are stored: the seven oldest, and all that differ."""
        values = {name: getattr(self, name) for name in ALWAYS_TOLD}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in values and value != field.default:
                values[field.name] = thawed(value)
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Sampling:
        """The values that `as_json` gave; keys and stages that a newer version has added are ignored.

        Raises:
            SettingError: As `Sampling` itself.
        """
        known = {field.name for field in fields(cls)}
        given = {name: frozen(value) for name, value in values.items() if name in known}
        for name in {"order", "off"} & given.keys():
            if isinstance(given[name], tuple):
                given[name] = tuple(stage for stage in given[name] if stage in ORDER)
        return cls(**given)
