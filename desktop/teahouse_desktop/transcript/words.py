"""What the transcript says in words: states, statistics, names of actions."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from teahouse.messages import Generation
from teahouse_desktop.languages import translate
from teahouse_desktop.shown import Shown
from teahouse_desktop.transcript.pieces import Kind


def describe_state(shown: Shown) -> tuple[Kind, str] | None:
    """A note below a reply that did not end well; None for the others."""
    state = shown.message.state
    if state == "failed":
        what = shown.error or translate("Transcript", "The reply failed.")
        return "error", "\n".join(text for text in (what, shown.hint) if text)
    if state == "partial":
        kept = translate("Transcript", "This reply was interrupted. What had arrived is kept.")
        return "note", "\n".join(text for text in (shown.error or kept, shown.hint) if text)
    if state == "stopped" and not shown.message.text:
        return "note", translate("Transcript", "Stopped before the first word.")
    if state == "complete" and not shown.message.text and shown.message.role == "assistant":
        return "note", translate("Transcript", "The model ended its reply without a word.")
    return None


def describe_generation(shown: Shown) -> str:
    """The line of statistics: tokens, tokens a second, time to the first token, tokens reused."""
    facts: list[str] = []
    if shown.message.state == "stopped" and shown.message.text:
        facts.append(translate("Transcript", "Stopped"))
    if shown.generation:
        facts += _measured(shown.generation)
    return " · ".join(facts)


def _measured(generation: Generation) -> list[str]:
    usage, timings, locale = generation.usage, generation.timings, QLocale()
    count = usage.completion_tokens
    tokens = translate("Transcript", "1 token") if count == 1 else translate("Transcript", "{count} tokens")
    facts = [tokens.format(count=locale.toString(count))]
    if timings.decode_tps:
        facts.append(
            translate("Transcript", "{rate} tokens/s").format(
                rate=locale.toString(timings.decode_tps, "f", 1)
            )
        )
    if timings.first_token_s:
        facts.append(
            translate("Transcript", "first token after {seconds} s").format(
                seconds=locale.toString(timings.first_token_s, "f", 2)
            )
        )
    if usage.cached_tokens:
        facts.append(
            translate("Transcript", "{count} of {total} prompt tokens reused").format(
                count=locale.toString(usage.cached_tokens), total=locale.toString(usage.prompt_tokens)
            )
        )
    if generation.finish_reason == "length":
        facts.append(translate("Transcript", "cut at the longest reply"))
    return facts


def action_name(name: str) -> str:
    """What an action on a message is called."""
    names = {
        "copy": translate("Transcript", "Copy"),
        "copied": translate("Transcript", "Copied"),
        "copy_code": translate("Transcript", "Copy code"),
        "regenerate": translate("Transcript", "Answer again"),
        "edit": translate("Transcript", "Edit"),
        "retry": translate("Transcript", "Retry"),
        "previous": translate("Transcript", "Previous version"),
        "next": translate("Transcript", "Next version"),
    }
    return names[name]


def speaker(shown: Shown) -> str:
    """Who said it."""
    if shown.message.role == "user":
        return translate("Transcript", "You")
    return translate("Transcript", "Assistant")


def spoken(shown: Shown, text: str) -> str:
    """A message as a screen reader says it: speaker, text, state, statistics."""
    note = describe_state(shown)
    said = [text, note[1] if note else "", shown.status, describe_generation(shown)]
    return "{who}: {what}".format(who=speaker(shown), what="\n".join(part for part in said if part))
