"""How a reply is made: the app's own values, and over them what plugins choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from teahouse.engine.allowed import BIAS_LIMITS, check_number, frozen
from teahouse.engine.sampling import Sampling
from teahouse.errors import SettingError
from teahouse.language import _, listed

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation

MOST_TOKENS = 1_048_576
"""The longest reply that can be asked for; the limit of `chat.max_tokens`."""

FIELDS = frozenset((*(one.name for one in fields(Sampling)), "max_tokens", "stop"))
"""What the hook `choose_sampling` may name."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """How a reply is made.

    Attributes:
        stop: Texts that end the reply and are not part of it.
        biases: (text, bias): each token of the text gets the bias; which those are only the model tells.
    """

    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 2048
    stop: tuple[str, ...] = ()
    biases: tuple[tuple[str, float], ...] = ()

    def with_values(self, values: Mapping[str, Any]) -> Parameters:
        """The same with some values in the place of others.

        Args:
            values: As the hook `choose_sampling` returns them.

        Raises:
            SettingError: A field that there is not, or a value that cannot be; says what can.
        """
        if unknown := [str(name) for name in values if name not in FIELDS]:
            raise SettingError(_("There is no sampling value {names}.").format(names=listed(unknown)))
        rest = {name: frozen(value) for name, value in values.items()}
        max_tokens = rest.pop("max_tokens", self.max_tokens)
        check_number("max_tokens", max_tokens, (1, MOST_TOKENS), is_whole=True)
        stop = rest.pop("stop", self.stop)
        _check_stop(stop)
        biases = self.biases
        if "logit_bias" in rest:
            rest["logit_bias"], biases = _split(rest["logit_bias"])
        return Parameters(replace(self.sampling, **rest), max_tokens, stop, biases)


def parameters_of(app: App, conversation: Conversation | None, model: str) -> Parameters:
    """What is in force for a reply of a model in a conversation.

    A plugin that chooses what no reply could be made with is reported by its name and skipped.

    Raises:
        SettingError: Values that are right one by one do not go together, such as a grammar and a JSON
            Schema: a person chose them, and a reply without one of them would not be what was asked for.
    """
    from teahouse.chat.question import value_of  # that module is about what is asked

    made = Parameters(
        Sampling(temperature=value_of(app, conversation, "chat.temperature", model)),
        int(value_of(app, conversation, "chat.max_tokens", model)),
    )
    for _plugin, values in app.plugins.call_each("choose_sampling", conversation=conversation, model=model):
        made = made.with_values(values)
    return made


def _check_stop(stop: object) -> None:
    if not isinstance(stop, tuple) or not all(isinstance(text, str) and text for text in stop):
        raise SettingError(
            _("{key} cannot be {value}.").format(key="stop", value=repr(stop)[:200]),
            _("It is a list of texts that are not empty."),
            key="stop",
        )


def _split(pairs: Any) -> tuple[Any, tuple[tuple[str, float], ...]]:
    """(pairs of a token's id and a bias, as they are; pairs of a text and a bias, checked)."""
    if not isinstance(pairs, tuple):
        return pairs, ()
    of_texts = [pair for pair in pairs if _is_of_text(pair)]
    for text, bias in of_texts:
        check_number(f"logit_bias: {text[:80]}", bias, BIAS_LIMITS, is_whole=False)
    return tuple(pair for pair in pairs if pair not in of_texts), tuple(of_texts)


def _is_of_text(pair: object) -> bool:
    is_pair = isinstance(pair, Sequence) and len(pair) == 2
    return is_pair and isinstance(pair[0], str) and bool(pair[0])  # type: ignore[index]
