"""What the engine tells of a reply while it writes it, taken in and told on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from teahouse.chat.adapter_changes import AdapterSet, with_set
from teahouse.chat.inquiry import Answered
from teahouse.messages import AdaptersChanged, PromptRead, StreamEvent, TextDelta, Timings, TokenStep, Usage
from teahouse.workers.wire import Answer, unpack_ids


def take(event: Answer, reply_id: str, so_far: Answered) -> StreamEvent | None:
    """Take in one event; what it is for people, None where it is nothing to them."""
    if event["event"] == "prompt":
        if "place" not in event:  # else what is written is read again
            so_far.usage = Usage(event["total"], event["cached"], 0)
        return PromptRead(reply_id, event["done"], event["total"], event["cached"])
    if event["event"] == "text":
        so_far.ids += event["ids"]
        so_far.usage = replace(so_far.usage, completion_tokens=len(so_far.ids))
        if event.get("kind", "text") == "reasoning":
            so_far.reasoning += event["text"]
            return TextDelta(reply_id, event["text"], "reasoning")
        so_far.text += event["text"]
        return TextDelta(reply_id, event["text"])
    if event["event"] == "step":
        return _step(event, reply_id, so_far)
    if event["event"] == "adapters":
        return _change(event, reply_id, so_far)
    return None


def _change(event: Answer, reply_id: str, so_far: Answered) -> AdaptersChanged:
    """What the engine tells of other adapters; those that hold are stored with the reply."""
    names = tuple(event["told"]["names"])
    # kept tokens after the last whole character are given to the model anew, and were written before
    place = max(so_far.begun + event["place"], so_far.goes_on)
    if "refused" in event:
        return AdaptersChanged(reply_id, place, refused=event["refused"]["text"])
    adapters = tuple((digest, scale) for digest, scale in event["told"]["adapters"])
    so_far.adapters = with_set(so_far.adapters, AdapterSet(place, adapters, names))
    return AdaptersChanged(reply_id, place, names)


def _step(event: Answer, reply_id: str, so_far: Answered) -> TokenStep:
    """What the engine tells of one token; which ones a person has picked is stored with the reply."""
    step = TokenStep(
        reply_id,
        so_far.begun + event["place"],
        event["token"],
        tuple(event["stages"]),
        event.get("text", ""),
        event.get("is_picked", False),
        event.get("drawn"),
        event.get("refused"),
    )
    if step.is_picked:
        so_far.engine["picked"] = [*so_far.engine.get("picked", ()), step.place]
    return step


def finish(result: dict[str, Any], so_far: Answered) -> None:
    """Take in what the engine returns at the end."""
    so_far.ids = unpack_ids(result["ids"])
    so_far.finish_reason = result["finish_reason"]
    so_far.usage = Usage(**result["usage"])
    so_far.timings = Timings(load_s=so_far.timings.load_s, **result["timings"])
