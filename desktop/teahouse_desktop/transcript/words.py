"""What the transcript says in words: states, statistics, names of actions."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from teahouse.chat.ending import limit_of
from teahouse.messages import Generation
from teahouse_desktop.chat.fitted import in_words
from teahouse_desktop.chat.reply_facts import adapters_in_words
from teahouse_desktop.chat.shown import Shown
from teahouse_desktop.composer import attaching
from teahouse_desktop.language.languages import translate
from teahouse_desktop.transcript.attached import AttachmentPiece, open_name
from teahouse_desktop.transcript.part_lines import PartPiece
from teahouse_desktop.transcript.pieces import Kind

if TYPE_CHECKING:
    from teahouse_desktop.transcript.item import Item


LONGEST_NOTE = 40


def describe_state(shown: Shown) -> tuple[Kind, str] | None:
    """A note below a reply that did not end well; None for the others."""
    state = shown.message.state
    if state == "failed":
        what = shown.error or translate("Transcript", "The reply failed.")
        return "error", "\n".join(text for text in (what, shown.hint) if text)
    if state == "partial":
        kept = translate("Transcript", "This reply was interrupted. What had arrived is kept.")
        return "note", "\n".join(text for text in (shown.error or kept, shown.hint) if text)
    if state == "stopped" and shown.reasoning and not shown.message.text:
        return "note", translate("Transcript", "Stopped while the model was thinking.")
    if state == "complete" and shown.reasoning and not shown.message.text:
        return "note", translate("Transcript", "The model thought and ended its reply without an answer.")
    if state == "stopped" and not shown.message.text:
        return "note", translate("Transcript", "Stopped before the first word.")
    if state == "complete" and not shown.message.text and shown.message.role == "assistant":
        return "note", translate("Transcript", "The model ended its reply without a word.")
    return None


def describe_reasoning(shown: Shown) -> str:
    """The line above the reasoning: that the model thinks or has thought, and for how long; else empty."""
    if not shown.reasoning:
        return ""
    seconds = shown.reasoning_s
    if shown.is_live and not shown.message.text:
        if seconds < 1:
            return translate("Transcript", "Thinking …")
        return translate("Transcript", "Thinking … {duration}").format(duration=_duration(int(seconds)))
    if round(seconds, 1) == 0:  # not measured, or too short to say
        return translate("Transcript", "Thoughts")
    return translate("Transcript", "Thought for {duration}").format(duration=_duration(seconds))


def _duration(seconds: float) -> str:
    """`4.2 s` for a measured time, `3 s` for whole seconds, `1 min 5 s` for a long one."""
    locale = QLocale()
    if seconds >= 60:
        text = translate("Transcript", "{minutes} min {seconds} s")
        return text.format(minutes=int(seconds) // 60, seconds=int(seconds) % 60)
    number = locale.toString(seconds, "f", 1) if isinstance(seconds, float) else locale.toString(seconds)
    return translate("Transcript", "{seconds} s").format(seconds=number)


def line_tip(item: Item, piece: int) -> str:
    """What a click on a line above an answer does."""
    found = item.pieces[piece]
    if isinstance(found, AttachmentPiece):
        return open_name(found.attachment)
    if isinstance(found, PartPiece):
        return plain_tip(found.line.tip)
    if found.kind == "fold":
        return action_name("fold" if item.is_open else "unfold")
    fitted = item.shown.fitted
    return action_name("left_out" if fitted and fitted.not_sent else "sent")


def plain_tip(text: str) -> str:
    """A text from elsewhere as a tooltip, wrapped: nothing in it is markup, and nothing is fetched."""
    return f"<p style='white-space: pre-wrap'>{escape(text)}</p>" if text else ""


def pinned() -> str:
    """The mark of a pinned message."""
    return translate("Transcript", "always sent")


def left_out() -> str:
    """The mark of a message that was not sent."""
    return translate("Transcript", "not sent")


def general_knowledge() -> str:
    """The mark of a reply for which documents were searched in vain."""
    return translate("Transcript", "general knowledge")


def best() -> str:
    """The mark of the best version of a reply."""
    return translate("Transcript", "best version")


def short_note(note: str) -> str:
    """The beginning of a note, on one line."""
    line = " ".join(note.split())
    return line if len(line) <= LONGEST_NOTE else line[: LONGEST_NOTE - 1].rstrip() + "…"


def judgement(shown: Shown) -> str:
    """What the person has said about a reply; empty for nothing."""
    message = shown.message
    thumbs = {1: action_name("good"), -1: action_name("bad")}
    is_best = message.rank == 1 and shown.versions > 1
    return "\n".join(
        part for part in (best() if is_best else "", thumbs.get(message.thumb, ""), message.note) if part
    )


def describe_generation(shown: Shown) -> str:
    """The line of statistics: why it was cut, tokens, their speed, tokens reused, the model, its adapters."""
    facts: list[str] = []
    if shown.message.state == "stopped" and shown.message.text:
        facts.append(translate("Transcript", "Stopped"))
    if shown.generation:
        made = shown.generation
        measured = _measured(made) if made.usage.completion_tokens else []
        facts += [*_limit(made), *measured, made.model, *adapters_in_words(made)]
    return " · ".join(facts)


def _limit(generation: Generation) -> list[str]:
    """Why the reply ends early: said first, as a narrow window cuts the line at its end."""
    limit = limit_of(generation)
    if limit == "context":
        return [translate("Transcript", "ends here because the context is full")]
    return [translate("Transcript", "cut at the longest reply")] if limit else []


def _measured(generation: Generation) -> list[str]:
    usage, timings, locale = generation.usage, generation.timings, QLocale()
    count = usage.completion_tokens
    tokens = translate("Transcript", "1 token") if count == 1 else translate("Transcript", "{count} tokens")
    begun = generation.engine.get("begun")
    if isinstance(begun, int) and begun:  # the reply goes on with an earlier one
        tokens = translate("Transcript", "{count} tokens added to {begun}")
    facts = [tokens.format(count=locale.toString(count), begun=begun)]
    if timings.decode_tps:
        facts.append(
            translate("Transcript", "{rate} tokens/s").format(
                rate=locale.toString(float(timings.decode_tps), "f", 1)
            )
        )
    if timings.first_token_s:
        facts.append(
            translate("Transcript", "first token after {seconds} s").format(
                seconds=locale.toString(float(timings.first_token_s), "f", 2)
            )
        )
    if usage.cached_tokens:
        facts.append(
            translate("Transcript", "{count} of {total} prompt tokens reused").format(
                count=locale.toString(usage.cached_tokens), total=locale.toString(usage.prompt_tokens)
            )
        )
    return facts


def action_name(name: str) -> str:
    """What an action on a message is called."""
    names = {
        "copy": translate("Transcript", "Copy"),
        "copied": translate("Transcript", "Copied"),
        "copy_text": translate("Transcript", "Copy message as plain text"),
        "copy_code": translate("Transcript", "Copy code"),
        "regenerate": translate("Transcript", "Answer again"),
        "continue": translate("Transcript", "Continue"),
        "branch": translate("Transcript", "Branch from here"),
        "delete": translate("Transcript", "Delete with what follows"),
        "edit": translate("Transcript", "Edit"),
        "retry": translate("Transcript", "Retry"),
        "previous": translate("Transcript", "Previous version"),
        "next": translate("Transcript", "Next version"),
        "format": translate("Transcript", "Choose a format"),
        "pin": translate("Transcript", "Pin: always send this message"),
        "unpin": translate("Transcript", "Do not pin this message any more"),
        "sent": translate("Transcript", "Show what was sent"),
        "facts": translate("Transcript", "How this reply was made …"),
        "unfold": translate("Transcript", "Show the reasoning"),
        "fold": translate("Transcript", "Hide the reasoning"),
        "copy_reasoning": translate("Transcript", "Copy the reasoning"),
        "left_out": translate("Transcript", "Go to the first message that was not sent"),
        "good": translate("Transcript", "Good reply"),
        "bad": translate("Transcript", "Bad reply"),
        "no_thumb": translate("Transcript", "Take the judgement back"),
        "note": translate("Transcript", "Note on this reply …"),
        "best": translate("Transcript", "Best of its versions"),
        "not_best": translate("Transcript", "Not the best of its versions"),
        "rank": translate("Transcript", "Put the versions in order …"),
    }
    return names[name]


def speaker(shown: Shown) -> str:
    """Who said it."""
    if shown.message.role == "user":
        return translate("Transcript", "You")
    return translate("Transcript", "Assistant")


def spoken(
    shown: Shown, text: str, *, is_open: bool = False, is_left_out: bool = False, below: Sequence[str] = ()
) -> str:
    """A message as a screen reader says it: speaker, text, state, statistics.

    Args:
        is_open: Whether the reasoning is unfolded: it is said only then.
        is_left_out: Whether the newest reply was made without the message.
        below: What stands below its text: the sources.
    """
    note = describe_state(shown)
    said = [
        pinned() if shown.message.is_pinned else "",
        left_out() if is_left_out else "",
        in_words(shown.fitted),
        shown.notice,
        describe_reasoning(shown),
        shown.reasoning if is_open else "",
        attaching.spoken(attaching.attached_to(shown.message)),
        text,
        *below,
        note[1] if note else "",
        shown.status,
        judgement(shown),
        describe_generation(shown),
    ]
    whole = "\n".join(part for part in said if part)
    return translate("Transcript", "{who}: {what}").format(who=speaker(shown), what=whole)
