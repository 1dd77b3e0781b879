"""Which adapters are on for a reply, as people write it: `tea=0.8, poems`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from teahouse.errors import AdapterError, SettingError
from teahouse.language import _, sentences

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.messages import Conversation
    from teahouse.models.header import Header

KEY = "chat.adapters"
"""The setting that holds a choice."""
SCALES = (0.0, 1.5)
"""The least and the greatest scale: 150 % of what was trained."""
AT_MOST = 8
"""Adapters in one choice."""


class Chosen(NamedTuple):
    """One adapter that is on; 1.0 is what was trained."""

    name: str
    scale: float


class Fitted(NamedTuple):
    """A chosen adapter that was looked up."""

    name: str
    path: str
    sha256: str
    scale: float


def parse_choice(text: str) -> tuple[Chosen, ...]:
    """The adapters of a text, `NAME=SCALE` with commas; a name alone has the scale 1.

    Raises:
        SettingError: A scale is no number from 0 to 1.5, a name stands twice, or there are too many.
    """
    chosen = [_one(part.strip()) for part in text.split(",") if part.strip()]
    names = [one.name.casefold() for one in chosen]
    twice = next((one.name for one in chosen if names.count(one.name.casefold()) > 1), "")
    if twice:
        raise _refused(text, _("“{name}” stands in it twice.").format(name=twice))
    if len(chosen) > AT_MOST:
        raise _refused(text, _("At most {count} adapters can be on at once.").format(count=AT_MOST))
    return tuple(chosen)


def format_choice(chosen: Sequence[tuple[str, float]]) -> str:
    """The text of a choice; `parse_choice` reads it."""
    return ", ".join(f"{name}={scale:g}" for name, scale in chosen)


def choice_of(app: App, conversation: Conversation | None, model: str = "") -> tuple[Chosen, ...]:
    """The adapters that are chosen for a conversation, those with the scale 0 too.

    Args:
        model: Whose own value goes before the app's; empty for the app's.
    """
    from teahouse.chat.question import value_of  # that module is about what is asked

    return parse_choice(str(value_of(app, conversation, KEY, model)))


def adapters_of(
    app: App, conversation: Conversation | None, model: str, *, is_asked: bool = False
) -> tuple[Fitted, ...]:
    """What a reply of a model in a conversation is made with.

    Args:
        is_asked: They were named for this reply alone: the conversation's own choice is not to blame.

    Raises:
        AdapterError: One is not there, or does not fit the model; says how the conversation can go on.
    """
    chosen = choice_of(app, conversation, model)
    try:
        return fitted(app, chosen, model)
    except AdapterError as error:
        if conversation is None or not conversation.id:
            raise
        rest = None if is_asked else [one for one in chosen if _can_be_used(app, one, model)]
        raise _kept(error, conversation.id, rest) from error


def fitted(app: App, chosen: Sequence[Chosen], model: str) -> tuple[Fitted, ...]:
    """The adapters of a choice, looked up for a model; those with the scale 0 are off.

    Raises:
        AdapterError: One is not there, or does not fit the model.
    """
    on = [one for one in chosen if one.scale]
    header = app.models.find(model).header if on else None
    return tuple(_fitted(app, one, model, header) for one in on)


def paths_of(app: App, made: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """The adapters of a stored reply, (file hash, scale) each, as the engine takes them.

    Raises:
        AdapterError: One is no longer in the library.
    """
    found = []
    for digest, scale in made:
        adapter = app.adapters.by_hash(digest)
        if adapter is None or adapter.problem:
            raise AdapterError(
                _("An adapter that this reply was made with ({digest}) is no longer here.").format(
                    digest=digest[:8]
                ),
                _("Add it again, or make a new version of the reply."),
                sha256=digest,
            )
        found.append((str(adapter.path), scale))
    return tuple(found)


def _fitted(app: App, chosen: Chosen, model: str, header: Header | None) -> Fitted:
    found = app.adapters.find(chosen.name)
    reason = _("the model is no file of this machine") if header is None else found.fits(header)
    if reason:
        raise AdapterError(
            _("The adapter “{name}” cannot be used with {model}: {reason}.").format(
                name=found.name, model=model, reason=reason
            ),
            _("Switch the adapter off, or choose the model that it was made for."),
            adapter=found.name,
            model=model,
        )
    return Fitted(found.name, str(found.path), found.sha256, chosen.scale)


def _can_be_used(app: App, chosen: Chosen, model: str) -> bool:
    try:
        return bool(fitted(app, [chosen], model) or not chosen.scale)
    except AdapterError:
        return False


def _kept(error: AdapterError, conversation_id: str, rest: Sequence[Chosen] | None) -> AdapterError:
    """The same error, in a conversation: what was kept, and how to go on without what cannot be used.

    Args:
        rest: What can be used; None where the choice was made for one reply alone.
    """
    text = sentences(error.text, _("Your message is kept, and nothing was sent."))
    if rest is None:
        return AdapterError(text, error.hint, **error.data)
    command = f'teahouse chats set {conversation_id} --set "{KEY}={format_choice(rest)}"'
    way = _(
        "To go on without it, remove its chip above the message field and let the model answer again; or"
        " type: {command}"
    ).format(command=command)
    return AdapterError(text, sentences(error.hint, way), **{**error.data, "command": command})


def _one(part: str) -> Chosen:
    name, has_scale, number = part.partition("=")
    name = name.strip()
    try:
        scale = float(number) if has_scale else 1.0
    except ValueError:
        scale = math.nan
    if not name or not SCALES[0] <= scale <= SCALES[1]:
        raise _refused(part, _("A scale lies between {least} and {most}.").format(least=0, most=SCALES[1]))
    return Chosen(name, scale)


def _refused(text: str, reason: str) -> SettingError:
    return SettingError(
        _("“{text}” is no choice of adapters.").format(text=text),
        reason + " " + _("Write NAME=SCALE, several with commas, such as “tea=0.8, poems=1”."),
        key=KEY,
    )
