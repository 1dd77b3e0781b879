"""What is said when a conversation does not fit into the model's context."""

from __future__ import annotations

from collections.abc import Sequence

from teahouse.errors import ContextError
from teahouse.language import _, listed, sentences

NAMED_AT_MOST = 3


def refusal(
    prompt_tokens: int,
    context: int,
    *,
    could_be_cut: bool = False,
    is_system_long: bool = False,
    files: Sequence[str] = (),
) -> ContextError:
    """The error, which names both numbers and what can be shortened.

    Args:
        prompt_tokens: The least that would have to be sent.
        could_be_cut: Old messages could be left out, but the person wants that to be refused.
        is_system_long: To shorten the system prompt would help.
        files: Names of the texts that the last message carries.
    """
    numbers = {"prompt_tokens": prompt_tokens, "context": context}
    if could_be_cut:
        text = _("The conversation takes {prompt_tokens} tokens, the model's context holds {context}.")
    else:
        text = _(
            "The last message and what is always sent take {prompt_tokens} tokens,"
            " the model's context holds {context}."
        )
    hint = _hint_for_all(is_system_long) if could_be_cut else _hint_for_last(is_system_long, bool(files))
    hint = sentences(_of_files(files), hint) if files else hint
    text = sentences(text.format(**numbers), _("Nothing was sent, and nothing was cut."))
    return ContextError(text, hint, **numbers)


def _hint_for_all(is_system_long: bool) -> str:
    hint = _(
        "Start a new conversation, raise engine.context in settings.toml,"
        " or let old messages be left out (chat.overflow)."
    )
    return sentences(_("Shorten the system prompt."), hint) if is_system_long else hint


def _of_files(files: Sequence[str]) -> str:
    named = [*files[:NAMED_AT_MOST], *(["…"] if len(files) > NAMED_AT_MOST else [])]
    return _("The message carries {files}.").format(files=listed(named))


def _hint_for_last(is_system_long: bool, has_files: bool) -> str:
    if has_files and is_system_long:
        return _(
            "Attach less, shorten the system prompt or the message, unpin others,"
            " or raise engine.context in settings.toml."
        )
    if has_files:
        return _("Attach less, shorten the message, unpin others, or raise engine.context in settings.toml.")
    if is_system_long:
        return _(
            "Shorten the system prompt or the message, unpin others,"
            " or raise engine.context in settings.toml."
        )
    return _("Shorten the message, unpin others, or raise engine.context in settings.toml.")
