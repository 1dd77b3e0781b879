"""What each engine hook may return, and when a value of the right type still cannot be used."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from teahouse.chat.parameters import Parameters
from teahouse.errors import PluginError
from teahouse.language import _
from teahouse.mentions import AT, HASH, LONGEST, Mention
from teahouse.messages import Part
from teahouse.passages import Context, Embedder, Loader, Passage
from teahouse.plugins.values import Backend, BackendModel, Command
from teahouse.settings import Setting

SCOPES = {"app", "model", "preset", "conversation"}
EFFECTS = {"now", "reload", "restart"}
OWN_KINDS = frozenset({"reasoning", "error", "context", "summary", "attachment", "image", "passages"})
"""Kinds of parts that only the app itself makes."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What a hook returns.

    Attributes:
        type: Of each value.
        check: Raises a PluginError for one that cannot be used.
    """

    type: type[Any]
    check: Callable[[Any], None] = lambda value: None


def check_values(values: Iterable[object], kind: Kind | None) -> list[Any]:
    """The values, if each is what its hook returns.

    Raises:
        PluginError: One is not; says which type it has.
    """
    checked = list(values)
    for value in checked if kind is not None else ():
        assert kind is not None
        if not isinstance(value, kind.type):
            text = _("it returned {found} instead of {wanted}")
            raise PluginError(text.format(found=type(value).__name__, wanted=kind.type.__name__))
        kind.check(value)
    return checked


def check_setting(setting: Setting, *, is_parameter: bool = False) -> None:
    """Refuse a declaration that settings pages and files could not work with.

    Args:
        is_parameter: Of a command: it may have no default.

    Raises:
        PluginError: Names the setting and what is wrong.
    """
    is_sound = (
        _is_text(setting.key, "")
        and setting.type in (bool, int, float, str)
        and isinstance(setting.label, str)
        and isinstance(setting.help, str)
        and isinstance(setting.limits, tuple)
        and set(setting.scopes) <= SCOPES
        and setting.effect in EFFECTS
        and (setting.rule is None or callable(setting.rule))
    )
    if not is_sound:
        raise PluginError(_("the setting {key} is declared wrongly").format(key=setting.key))
    if setting.type is not str and len(setting.limits) not in (0, 2):
        raise PluginError(_("the limits of {key} are not two numbers").format(key=setting.key))
    if setting.default is not None or not is_parameter:
        setting.check(setting.default)  # a SettingError says what is wrong with it


def check_backend(backend: Backend) -> None:
    """Refuse a back end that could never run a model.

    Raises:
        PluginError: Says what is wrong.
    """
    if not _is_text(backend.name, "/") or not callable(backend.list_models):
        raise PluginError(_("the back end {name} is declared wrongly").format(name=backend.name))
    _check_entry(backend.entry)


def check_command(command: Command) -> None:
    """Refuse a command that neither terminal nor palette could offer.

    Raises:
        PluginError: Says what is wrong.
    """
    is_sound = isinstance(command.path, str) and command.path.split() and callable(command.work)
    has_package = _is_text(getattr(command.work, "__module__", None), "")  # it holds the catalogues
    if not is_sound or not has_package or not isinstance(command.title, str):
        raise PluginError(_("the command {path} is declared wrongly").format(path=repr(command.path)))
    for parameter in check_values(command.params, Kind(Setting)):
        check_setting(parameter, is_parameter=True)


def check_loader(loader: Loader) -> None:
    """Refuse a loader that no file could be given to.

    Raises:
        PluginError: Says what is wrong.
    """
    is_sound = (
        _is_text(loader.name, "/")
        and type(loader.version) is int
        and all(map(_are_texts, (loader.suffixes, loader.mime_types, loader.needs)))
        and bool(loader.suffixes or loader.mime_types)
        and all(suffix == suffix.lower() and "/" not in suffix for suffix in loader.suffixes)
    )
    if not is_sound:
        raise PluginError(_("the loader {name} is declared wrongly").format(name=repr(loader.name)))
    _check_entry(loader.entry)


def check_sampling(values: dict[str, Any]) -> None:
    """Refuse sampler values that no reply could be made with, each by itself.

    Whether they go together is seen where a reply is made (`chat.parameters`): each may be a person's choice.

    Raises:
        SettingError: Names the value and what is allowed.
    """
    for name, value in values.items():
        Parameters().with_values({name: value})


def check_context(context: Context) -> None:
    """Refuse what could neither be sent nor stored.

    Raises:
        PluginError: Says what is wrong.
    """
    check_values(context.passages, Kind(Passage))
    is_sound = (
        isinstance(context.passages, tuple)
        and isinstance(context.trace, dict)
        and all(isinstance(text, str) for text in (context.notice, context.instruction))
        and all(isinstance(text, str) for one in context.passages for text in (one.text, one.path))
    )
    if is_sound:
        try:
            json.dumps([context.trace, [one.as_json() for one in context.passages]])
        except (TypeError, ValueError, RecursionError):
            is_sound = False
    if not is_sound:
        raise PluginError(_("the context that it found is declared wrongly"))


def check_part(part: Part) -> None:
    """Refuse a part that no message could hold.

    Raises:
        PluginError: Says what is wrong.
    """
    is_sound = (
        _is_text(part.kind, "")
        and part.kind not in OWN_KINDS
        and all(isinstance(text, str) for text in (part.data, part.source))
        and type(part.is_trusted) is bool
    )
    if not is_sound:
        raise PluginError(_("a part of kind {kind} cannot be added to a reply").format(kind=repr(part.kind)))


def check_mention(mention: Mention) -> None:
    """Refuse what could not be written into a message.

    Raises:
        PluginError: Says what is wrong.
    """
    texts = (mention.text, mention.title, mention.detail, mention.icon)
    is_sound = (
        all(isinstance(text, str) and len(text.splitlines()) < 2 for text in texts)
        and 2 <= len(mention.text) <= LONGEST
        and mention.text[0] in AT[0] + HASH[0]
        and not mention.text[1].isspace()
        and bool(mention.title.strip())
    )
    if not is_sound:
        raise PluginError(_("the mention {text} is declared wrongly").format(text=repr(mention.text)))


def check_embedder(embedder: Embedder) -> None:
    """Refuse an embedder that nothing could be given to.

    Raises:
        PluginError: Says what is wrong.
    """
    prefixes = (embedder.query_prefix, embedder.passage_prefix)
    texts = (embedder.model, embedder.entry, *prefixes, embedder.identity)
    is_sound = (
        _is_text(embedder.name, "/")
        and all(isinstance(text, str) for text in texts)
        and bool(embedder.model) != bool(embedder.entry)
        and all(type(number) is int and number > 0 for number in (embedder.dimension, embedder.most_tokens))
    )
    if not is_sound:
        raise PluginError(_("the embedder {name} is declared wrongly").format(name=repr(embedder.name)))
    if embedder.entry:
        _check_entry(embedder.entry)


def check_models(models: object) -> list[BackendModel]:
    """What `list_models` returned, if it can be used.

    Raises:
        PluginError: It cannot.
    """
    if not isinstance(models, (list, tuple)):
        text = _("it returned {found} instead of {wanted}")
        raise PluginError(text.format(found=type(models).__name__, wanted="list"))
    return check_values(models, Kind(BackendModel, _check_model))


def _check_model(model: BackendModel) -> None:
    if not (
        _is_text(model.name, "") and isinstance(model.options, dict) and isinstance(model.size_bytes, int)
    ):
        raise PluginError(_("the model {name} is declared wrongly").format(name=repr(model.name)))


def _check_entry(entry: object) -> None:
    module, colon, function = entry.partition(":") if isinstance(entry, str) else ("", "", "")
    if not (module and colon and function):
        text = _("the entry {entry} is not “module:function”")
        raise PluginError(text.format(entry=repr(entry)))


def _are_texts(values: object) -> bool:
    return isinstance(values, tuple) and all(_is_text(value, "") for value in values)


def _is_text(value: object, forbidden: str) -> bool:
    return isinstance(value, str) and bool(value.strip()) and not set(value) & set(forbidden)


ENGINE = {
    "register_settings": Kind(Setting, check_setting),
    "register_models": Kind(Backend, check_backend),
    "register_commands": Kind(Command, check_command),
    "register_loaders": Kind(Loader, check_loader),
    "register_embedders": Kind(Embedder, check_embedder),
    "choose_sampling": Kind(dict, check_sampling),
    "retrieve_context": Kind(Context, check_context),
    "review_reply": Kind(Part, check_part),
    "complete_mention": Kind(Mention, check_mention),
}
"""By the name of each engine hook."""
