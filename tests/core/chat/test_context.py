"""What of a conversation is sent, whatever the conversation is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from teahouse.chat.answer import Overflow, Question
from teahouse.chat.context import LEAST_RESERVE, Fitted, fit
from teahouse.chat.cuts import find_cuts
from teahouse.chat.history import Entry
from teahouse.chat.summary import HEADING
from teahouse.engine.loaded import Engine
from teahouse.errors import AppError, ContextError, EngineCrashed, TemplateError
from teahouse.jobs import Cancel
from teahouse.messages import Summarising
from tests.core.chat.engines import PlainEngine

Roles = ("user", "assistant")


def run(
    engine: PlainEngine, entries: Sequence[Entry], overflow: Overflow = "drop", **options: Any
) -> tuple[Fitted, list[Any]]:
    """What is sent, and what was yielded on the way."""
    can_write = options.pop("can_write", True)
    question = Question("plain", tuple(entries), overflow=overflow, reply_id="r", **options)
    steps = fit(cast(Engine, engine), entries, question, Cancel(), can_write=can_write)
    events: list[Any] = []
    while True:
        try:
            events.append(next(steps))
        except StopIteration as done:
            return done.value, events


def chat(*texts: str, system: str = "") -> list[Entry]:
    """A conversation that begins with a question; ids are m0, m1 …"""
    said = [Entry(Roles[number % 2], text, f"m{number}") for number, text in enumerate(texts)]
    return [Entry("system", system), *said] if system else said


def turns(count: int, *, chars: int = 20, system: str = "") -> list[Entry]:
    """Questions and answers of about as many characters, then a last question."""
    texts = [f"{number:04} ".ljust(chars, "x") for number in range(2 * count + 1)]
    return chat(*texts, system=system)


# --- properties -----------------------------------------------------------------------------------

ENTRIES = st.lists(
    st.builds(
        lambda role, chars, is_pinned: (role, chars, is_pinned),
        st.sampled_from(["user", "assistant", "user", "assistant", "system"]),
        st.integers(1, 120),
        st.integers(0, 9).map(lambda chance: chance == 0),
    ),
    min_size=1,
    max_size=40,
)


def built(rows: list[tuple[str, int, bool]]) -> list[Entry]:
    rows = [("system", 20, False), *rows, ("user", 30, False)]
    return [
        Entry(role, f"<{number}>".ljust(chars, "."), f"m{number}", is_pinned=is_pinned)
        for number, (role, chars, is_pinned) in enumerate(rows)
    ]


@settings(deadline=None, max_examples=300)
@given(
    rows=ENTRIES,
    context=st.integers(256, 2000),
    max_tokens=st.integers(1, 4000),
    overflow=st.sampled_from(["refuse", "drop", "summarise"]),
)
def test_whatever_is_said(
    rows: list[tuple[str, int, bool]], context: int, max_tokens: int, overflow: Overflow
) -> None:
    entries = built(rows)
    engine = PlainEngine(context, "A summary.")
    whole = sum(len(e.content) + 4 for e in entries)
    try:
        fitted, _events = run(engine, entries, overflow, max_tokens=max_tokens)
    except ContextError as error:
        must = sum(len(e.content) + 4 for e in entries if e.role == "system" or e.is_pinned)
        assert (whole if overflow == "refuse" else must + 34) > context - LEAST_RESERVE
        assert error.data["context"] == context
        return
    text = fitted.rendered.text
    sent = [e for e in entries if e.content in text]
    assert [e.id for e in entries if e not in sent] == list(fitted.not_sent)
    assert all(e in sent for e in entries if e.role == "system" or e.is_pinned)
    assert text.endswith(f"[u]{entries[-1].content}\n"), "the last question is not whole"
    positions = [text.index(e.content) for e in sent]
    assert positions == sorted(positions)
    assert len(fitted.rendered.ids) + min(max_tokens, LEAST_RESERVE) <= context
    assert overflow != "refuse" or not fitted.not_sent
    assert whole > context - min(max_tokens, context // 4) or not fitted.not_sent
    assert fitted.is_summarised == (HEADING in text)


@settings(deadline=None, max_examples=200)
@given(rows=ENTRIES, least=st.integers(20, 300), more=st.integers(-100, 300))
def test_cuts_come_in_steps_at_the_beginning_of_turns(
    rows: list[tuple[str, int, bool]], least: int, more: int
) -> None:
    entries = built(rows)
    counts = [len(e.content) for e in entries]
    cuts = find_cuts(entries, counts, least=least, most=least + more)
    saved = [cut.tokens for cut in cuts]
    moves = [after - before for before, after in zip([0, *saved], saved, strict=False)]
    assert all(move >= least for move in moves[:-1])
    assert all(move > 0 for move in moves)
    assert all(entries[cut.start].role == "user" for cut in cuts)
    for cut in cuts:
        gone = [e for e in entries[: cut.start] if not (e.is_pinned or e.role == "system")]
        assert cut.tokens == sum(len(e.content) for e in gone)
    for end in range(len(entries)):
        sooner = find_cuts(entries[:end], counts[:end], least=least, most=least + more)
        assert sooner[:-1] == cuts[: len(sooner) - 1] if sooner else True


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.lists(st.integers(1, 90), min_size=30, max_size=80),
    context=st.integers(256, 900),
    max_tokens=st.sampled_from([8, 50, 4000]),
)
def test_a_growing_conversation_loses_at_least_a_quarter_of_the_context_at_once(
    sizes: list[int], context: int, max_tokens: int
) -> None:
    """What was left out once stays left out, and between two steps the beginning is the same."""
    everything = chat(*["x" * size for size in sizes])
    gone_before: tuple[str, ...] = ()
    for end in range(1, len(everything), 2):
        fitted, _events = run(PlainEngine(context), everything[:end], max_tokens=max_tokens)
        gone = fitted.not_sent
        assert gone[: len(gone_before)] == gone_before
        step = sum(len(e.content) + 4 for e in everything[len(gone_before) : len(gone)])
        is_all = len(gone) == end - 1
        assert gone == gone_before or step >= context / 4 or is_all, (gone_before, gone)
        gone_before = gone


# --- policies -------------------------------------------------------------------------------------


def test_what_fits_is_sent_whole_and_rendered_once() -> None:
    engine = PlainEngine(1000)
    fitted, _events = run(engine, turns(5, system="Be brief."))
    assert fitted.not_sent == ()
    assert (len(engine.rendered), engine.counted) == (1, 0)
    assert fitted.event("r").prompt_tokens == len(fitted.rendered.text)


def test_refusing_says_both_numbers_and_cuts_nothing() -> None:
    entries = turns(50)
    with pytest.raises(ContextError) as caught:
        run(PlainEngine(400), entries, "refuse")
    tokens = sum(len(e.content) + 4 for e in entries)
    assert caught.value.data == {"prompt_tokens": tokens, "context": 400}
    assert str(tokens) in caught.value.text
    assert "400" in caught.value.text


@pytest.mark.parametrize("overflow", ["refuse", "drop", "summarise"])
def test_a_last_message_that_is_too_long_is_refused_whatever_the_policy(overflow: Overflow) -> None:
    entries = [*turns(3), Entry("assistant", "."), Entry("user", "x" * 2000)]
    with pytest.raises(ContextError) as caught:
        run(PlainEngine(400, "A summary."), entries, overflow)
    assert caught.value.data["prompt_tokens"] > 2000


def test_the_reserve_shrinks_before_anything_more_is_left_out() -> None:
    """A quarter stays for the reply, unless the last message needs it."""
    fitted, _events = run(PlainEngine(400), chat("a" * 100, "b" * 100, "c" * 360))
    assert fitted.not_sent == ("m0", "m1")
    assert len(fitted.rendered.ids) == 364


def test_a_short_reply_needs_a_small_reserve() -> None:
    assert run(PlainEngine(400), chat("a" * 150, "b" * 150, "c" * 60), max_tokens=8)[0].not_sent == ()
    assert run(PlainEngine(400), chat("a" * 150, "b" * 150, "c" * 60))[0].not_sent != ()


def test_pinned_messages_stay_in_their_order() -> None:
    entries = turns(40)
    entries[4] = Entry("user", "the pinned question", "m4", is_pinned=True)
    entries[9] = Entry("assistant", "the pinned answer", "m9", is_pinned=True)
    fitted, _events = run(PlainEngine(500), entries)
    text = fitted.rendered.text
    assert text.startswith("[u]the pinned question\n[a]the pinned answer\n")
    assert not {"m4", "m9"} & set(fitted.not_sent)
    assert "m5" in fitted.not_sent


def test_a_conversation_far_longer_than_the_context_is_not_rendered_whole() -> None:
    engine = PlainEngine(400)
    fitted, _events = run(engine, turns(500))
    assert len(fitted.not_sent) > 900
    assert max(map(len, engine.rendered)) < 800


def test_long_texts_of_few_tokens_are_not_taken_for_too_long() -> None:
    """Bytes are only a hint: what fits in tokens is sent."""
    engine = PlainEngine(1000)
    engine.count = lambda texts, _cancel=None: [1 for _text in texts]  # type: ignore[method-assign]
    engine.render = lambda *_arguments, **_options: Fitted  # type: ignore[method-assign,assignment,return-value]
    rendered = PlainEngine(1000).render([])
    engine.render = lambda *_arguments, **_options: rendered  # type: ignore[method-assign]
    fitted, _events = run(engine, turns(10, chars=2000))
    assert fitted.not_sent == ()


@pytest.mark.parametrize("overflow", ["refuse", "drop", "summarise"])
@pytest.mark.parametrize("before", [0, 3], ids=["the first question", "after others"])
def test_a_message_too_long_for_the_template_is_refused_by_its_length(
    overflow: Overflow, before: int
) -> None:
    """The template is not asked: it would be blamed for making too much text."""
    engine = PlainEngine(400, "A summary.")
    entries = [*turns(before)[:-1], Entry("user", "x" * 9000)]
    plain = engine.render

    def render(messages: Sequence[Any], cancel: object = None, **options: Any) -> Any:
        if sum(len(message["content"]) for message in messages) > 8000:
            raise TemplateError("The model's chat template made too much text.")
        return plain(messages, cancel, **options)

    engine.render = render  # type: ignore[method-assign]
    with pytest.raises(ContextError, match="400") as caught:
        run(engine, entries, overflow)
    assert 9000 <= caught.value.data["prompt_tokens"] < 9500
    assert str(caught.value.data["prompt_tokens"]) in caught.value.text


@pytest.mark.parametrize("overflow", ["refuse", "drop", "summarise"])
@pytest.mark.parametrize("chars", [380, 9000])
def test_a_long_system_prompt_is_named_among_what_can_be_shortened(overflow: Overflow, chars: int) -> None:
    for entries in (turns(3, system="s" * chars), chat("Hello " * 8, system="s" * chars)):
        with pytest.raises(ContextError) as caught:
            run(PlainEngine(400, "A summary."), entries, overflow)
        assert "Shorten the system prompt" in caught.value.hint


@pytest.mark.parametrize("overflow", ["refuse", "drop"])
def test_a_short_system_prompt_is_not(overflow: Overflow) -> None:
    entries = [*turns(30, system="Be brief."), Entry("assistant", "."), Entry("user", "x" * 500)]
    with pytest.raises(ContextError) as caught:
        run(PlainEngine(400), entries, overflow)
    assert "system prompt" not in caught.value.hint


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(ContextError, match="nothing to send"):
        run(PlainEngine(400), [])


def test_an_answer_without_a_question_is_sent() -> None:
    assert run(PlainEngine(400), [Entry("assistant", "Welcome.", "m0")])[0].not_sent == ()


# --- summaries ------------------------------------------------------------------------------------


def test_what_is_left_out_is_summarised_by_the_model() -> None:
    engine = PlainEngine(800, "They spoke of tea.")
    entries = turns(40, system="Be brief.")
    fitted, events = run(engine, entries, "summarise")
    assert fitted.is_summarised
    assert fitted.rendered.text.startswith(f"[s]Be brief.\n\n{HEADING}\nThey spoke of tea.\n[u]")
    assert fitted.summary is not None
    assert fitted.summary.message_id == fitted.not_sent[-1]
    assert (fitted.summary.source, fitted.summary.is_trusted) == ("plain", True)
    assert all(text in "".join(engine.generated) for text in (entries[1].content, entries[30].content))
    told = [event for event in events if isinstance(event, Summarising)]
    assert told
    assert all(0 < event.done <= event.total for event in told)


def with_summary_at(entries: list[Entry], message_id: str, text: str, **more: Any) -> list[Entry]:
    from dataclasses import replace

    return [replace(e, summary=text, **more) if e.id == message_id else e for e in entries]


def test_a_summary_is_used_again_by_later_turns() -> None:
    entries = turns(40)
    first, _events = run(PlainEngine(800, "They spoke of tea."), entries, "summarise")
    assert first.summary is not None
    entries = with_summary_at(entries, first.summary.message_id, first.summary.text)
    engine = PlainEngine(800, "never")
    again, events = run(engine, [*entries, Entry("assistant", "a"), Entry("user", "b")], "summarise")
    assert (again.is_summarised, again.summary, engine.generated, events) == (True, None, [], [])
    assert again.not_sent == first.not_sent
    assert "They spoke of tea." in again.rendered.text


def test_an_earlier_summary_is_the_start_of_the_next() -> None:
    entries = turns(80)
    first, _events = run(PlainEngine(800, "They spoke of tea."), entries[:81], "summarise")
    assert first.summary is not None
    engine = PlainEngine(800, "Then of coffee.")
    known = with_summary_at(entries, first.summary.message_id, first.summary.text)
    later, _events = run(engine, known, "summarise")
    assert "Then of coffee." in later.rendered.text
    assert "They spoke of tea." in engine.generated[0]
    assert entries[0].content not in "".join(engine.generated), "what is summarised is read again"
    assert len(later.not_sent) > len(first.not_sent)


def test_the_messages_stand_as_they_stood_before_so_that_they_need_not_be_read_again() -> None:
    """With an earlier summary, the request begins exactly as the prompts since then did."""
    entries = turns(80, system="Be brief.")
    first, _events = run(PlainEngine(800, "They spoke of tea."), entries[:80], "summarise")
    assert first.summary is not None
    known = with_summary_at(entries, first.summary.message_id, first.summary.text)
    engine, last = PlainEngine(800, "New."), ""
    for end in range(80, 162, 2):
        fitted, _events = run(engine, known[:end], "summarise")
        if fitted.summary:
            break
        last = fitted.rendered.text
    [asked] = engine.generated
    assert last.startswith(asked.partition("[u]Summarise")[0])
    assert len(asked) > 500


def test_the_mark_of_untrusted_text_passes_to_its_summary() -> None:
    from dataclasses import replace

    entries = [replace(e, is_trusted=e.id != "m5") for e in turns(80)]
    first, _events = run(PlainEngine(800, "Tea."), entries[:81], "summarise")
    assert first.summary is not None
    assert first.summary.is_trusted is False
    known = with_summary_at(entries, first.summary.message_id, "Tea.", is_trusted=False)
    later, _events = run(PlainEngine(800, "Coffee."), known, "summarise")
    assert later.summary is not None
    assert later.summary.is_trusted is False


def test_more_than_fits_at_once_is_summarised_piece_by_piece() -> None:
    engine = PlainEngine(800, *[f"Summary {number}." for number in range(100)])
    entries = turns(300)
    fitted, _events = run(engine, entries, "summarise")
    assert len(engine.generated) > 10
    assert "Summary 0." in engine.generated[1]
    assert all(
        any(e.content in text for text in engine.generated) for e in entries if e.id in fitted.not_sent
    )
    assert f"Summary {len(engine.generated) - 1}." in fitted.rendered.text


def test_one_message_longer_than_the_context_is_parted() -> None:
    text = "".join(f"{number:05} " for number in range(500))
    engine = PlainEngine(800, "Parts.")
    fitted, _events = run(engine, chat(text, "yes", "go on"), "summarise")
    assert fitted.not_sent == ("m0", "m1")
    assert "00000 " in engine.generated[0]
    assert any("00499 " in asked for asked in engine.generated)


@pytest.mark.parametrize("said", ["", "  \n", TemplateError("It does not take this.")])
def test_without_a_summary_messages_are_dropped_and_that_is_told(said: str | AppError) -> None:
    fitted, _events = run(PlainEngine(800, said), turns(40), "summarise")
    assert fitted.not_sent
    assert not fitted.is_summarised
    assert fitted.summary is None
    assert HEADING not in fitted.rendered.text


def test_without_room_for_a_summary_messages_are_dropped_and_that_is_told() -> None:
    engine = PlainEngine(400, "never")
    fitted, _events = run(engine, chat("a" * 100, "b" * 100, "c" * 360), "summarise")
    told = fitted.event("r")
    assert (told.not_sent, told.is_summarised) == (("m0", "m1"), False)
    assert engine.generated == []
    assert HEADING not in fitted.rendered.text


@pytest.mark.parametrize("is_reproducible", [False, True])
def test_a_summary_is_as_reproducible_as_its_reply(is_reproducible: bool) -> None:
    engine, asked = PlainEngine(800, "A summary."), list[Any]()
    plain = engine.generate

    def generate(ids: Sequence[int], **options: Any) -> Any:
        asked.append(options.get("is_reproducible", False))
        return plain(ids, **options)

    engine.generate = generate  # type: ignore[method-assign]
    fitted, _events = run(engine, turns(40), "summarise", is_reproducible=is_reproducible)
    assert fitted.is_summarised
    assert asked
    assert set(asked) == {is_reproducible}


def test_a_crash_is_not_taken_for_a_failed_summary() -> None:
    with pytest.raises(EngineCrashed):
        run(PlainEngine(800, EngineCrashed("It died.")), turns(40), "summarise")


def test_a_look_writes_no_summary_and_says_so() -> None:
    engine = PlainEngine(800, "never")
    fitted, _events = run(engine, turns(40), "summarise", can_write=False)
    assert engine.generated == []
    assert fitted.is_summarised
    assert "written when the message is sent" in fitted.rendered.text
