"""The chat template of a GGUF: Jinja in an immutable sandbox, with limits on time and size.

Runs in the model's child process only. What a person, a document or a tool wrote never becomes a control
token: control tokens are cut out of the rendered text by their own text, and where the same text stands
inside a message its first character is exchanged for a private one while the template runs.

The environment is that of the library `transformers`, for which templates are written: its options, the
filter `tojson`, the functions `raise_exception` and `strftime_now`, the tag `generation`.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from teahouse.engine.limits import HINT, limits
from teahouse.engine.mask import PRIVATE, Finder, Marks, Mask, marked
from teahouse.engine.splice import Splicer, Written
from teahouse.errors import TemplateError, TemplateRefused
from teahouse.language import _

__all__ = ["PRIVATE", "ChatTemplate", "limits", "tokenize_chat"]

LIMIT_S = 5.0
LIMIT_CHARACTERS = 8_000_000
SWITCHES = ("enable_thinking", "thinking")
"""Variables by which templates are asked for reasoning (Qwen 3, GLM, SmolLM 3 …; DeepSeek V3.1, Granite)."""

TAG = re.compile(r"[<\[◁]\S+[>\]▷]")
"""What tokens look like by which templates give a structure; others are words, line ends, indentation."""


class ChatTemplate:
    """One compiled template.

    Args:
        source: Jinja, as in the GGUF key `tokenizer.chat_template`.
        bos: Text of the token that begins a text; may be empty.
        eos: Text of the token that ends one; may be empty.

    Attributes:
        can_switch_reasoning: Whether the template reads a switch for reasoning.
        can_use_tools: Whether it writes down the tools it is given.
    """

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        from jinja2 import meta

        environment = _environment()
        self.source = source
        self._special = {"bos_token": bos, "eos_token": eos}
        try:
            with limits(LIMIT_S):
                self._template = environment.from_string(source)
                asked = meta.find_undeclared_variables(environment.parse(source))
        except TemplateError:
            raise
        except Exception as error:  # also Python's own compiler may refuse what Jinja made
            raise TemplateError(
                _("The model's chat template is broken: {error}.").format(error=_in_words(error)), _(HINT)
            ) from error
        self._switches = [name for name in SWITCHES if name in asked]
        self.can_switch_reasoning = bool(self._switches)
        self.can_use_tools = "tools" in asked

    def render(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        is_open: bool = True,
        tools: Sequence[Mapping[str, Any]] = (),
        has_reasoning: bool | None = None,
    ) -> str:
        """The text that is sent.

        Args:
            messages: `role`, `content` and what templates know besides: `tool_calls`, `reasoning_content` …
            is_open: End it where the assistant begins.
            tools: JSON schemas of functions, as `{"type": "function", "function": {…}}`.
            has_reasoning: Ask for reasoning or for none; None leaves it to the template.

        Raises:
            TemplateRefused: The template said that it does not take these messages.
            TemplateError: It failed, or took too long or too much.
        """
        values = {
            "messages": [_with_thinking(message) for message in messages],
            "tools": list(tools) or None,
            "documents": None,
            "add_generation_prompt": is_open,
            **self._special,
        }
        if has_reasoning is not None:
            values.update(dict.fromkeys(self._switches, has_reasoning))
        try:
            with limits(LIMIT_S):
                return self._joined(values)
        except TemplateError:
            raise
        except Exception as error:  # the template is foreign code: whatever it raises is its fault
            raise TemplateError(
                _("The model's chat template failed: {error}.").format(error=_in_words(error)), _(HINT)
            ) from error

    def _joined(self, values: dict[str, Any]) -> str:
        chunks: list[str] = []
        size = 0
        for chunk in self._template.generate(values):
            size += len(chunk)
            if size > LIMIT_CHARACTERS:
                raise TemplateError(_("The model's chat template made too much text."), _(HINT))
            chunks.append(chunk)
        return "".join(chunks)


def tokenize_chat(
    template: ChatTemplate,
    messages: Sequence[Mapping[str, Any]],
    *,
    control: dict[str, int],
    tokenize: Callable[[str], list[int]],
    piece: Callable[[int], bytes] | None = None,
    strips: Mapping[str, tuple[bool, bool]] | None = None,
    defined: Iterable[str] = (),
    tools: Sequence[Mapping[str, Any]] = (),
    has_reasoning: bool | None = None,
) -> tuple[str, list[int]]:
    """Render messages and turn them into ids: (the text, its ids).

    Args:
        messages: As for `ChatTemplate.render`; a reply may carry `ids`, the tokens that this very model
            generated for it, which then stand for a new tokenization of the same text (see `splice`).
        control: Text of each control token → its id.
        tokenize: Text → ids, with no control token recognised in it.
        piece: The bytes of a token, none for a control token; without it no `ids` are used.
        strips: Text of a control token → whether white space is dropped (before it, after it).
        defined: Texts of tokens that `tokenize` recognises in any text. Those which the template itself
            writes (`<think>`, `<tool_response>` …) are not made of what people, documents or tools wrote.

    Raises:
        TemplateRefused: Also where the template would leave out a message without a word.
    """
    given = [{key: value for key, value in m.items() if key != "ids"} for m in messages]
    mask, masked = put_mask(template, given, control=control, defined=defined, tools=tools)
    chosen = {"tools": mask.put_on_all(list(tools)), "has_reasoning": has_reasoning}
    wanted = [index for index, m in enumerate(messages) if m.get("role") != "assistant" or m.get("ids")]
    try:
        rendered = template.render(masked, **chosen)
        places = _places(template, rendered, marked(masked, mask.marks, wanted=wanted), chosen)
    except TemplateError as error:  # what it says of the messages is said of masked ones
        raise type(error)(mask.take_off(error.text), mask.take_off(error.hint)) from error
    splicer = Splicer(tokenize, piece=piece, control=frozenset(control.values()))
    written = _written(messages, places) if piece else []
    ids: list[int] = []
    for text, start, strip in cut(rendered, Finder(control), strips or {}):
        if strip is None:
            ids.append(control[text])
            continue
        inside = [w for w in written if start <= w.start < start + len(text)]
        ids += splicer.tokenize(
            mask.take_off(text), start=start, written=inside, strip=strip, cuts=mask.cuts(text)
        )
    return mask.take_off(rendered), ids


def put_mask(
    template: ChatTemplate,
    messages: Sequence[Mapping[str, Any]],
    *,
    control: Iterable[str],
    defined: Iterable[str],
    tools: Sequence[Mapping[str, Any]] = (),
) -> tuple[Mask, list[dict[str, Any]]]:
    """A mask for these messages and tools, and the messages under it."""
    guarded = [text for text in defined if TAG.fullmatch(text) and text in template.source]
    mask = Mask(control, [list(messages), list(tools)], marks=len(messages), guarded=guarded)
    return mask, [mask.put_on_all(m, is_reply=m.get("role") == "assistant") for m in messages]


def _places(template: ChatTemplate, rendered: str, marks: Marks, chosen: dict[str, Any]) -> dict[int, int]:
    """Message index → where its text stands, as far as that can be known for certain."""
    try:
        text = template.render(marks.messages, **chosen)
    except TemplateError:  # it looks at the texts themselves; so nothing is known of their places
        return {}
    check_none_left_out(marks, text)
    plain, places = marks.read(text)
    return places if plain == rendered else {}


def check_none_left_out(marks: Marks, text: str) -> None:
    """Refuse what a template does that leaves out a message without a word.

    Raises:
        TemplateRefused: One that is no reply; a reply's beginning may be reasoning, left out rightly.
    """
    for index in marks.left_out(text):
        role = marks.messages[index].get("role")
        if role != "assistant":
            _refuse(_("it leaves out a message of the role “{role}”").format(role=role))


def _written(messages: Sequence[Mapping[str, Any]], places: dict[int, int]) -> list[Written]:
    return [
        Written(places[index], str(message["content"]).strip(), list(message["ids"]))
        for index, message in enumerate(messages)
        if message.get("ids") and message.get("role") == "assistant" and index in places
    ]


def cut(
    text: str, control: Finder, strips: Mapping[str, tuple[bool, bool]]
) -> Iterator[tuple[str, int, tuple[bool, bool] | None]]:
    """Pieces of the text: (piece, where it starts, None for a control token or what to strip of a text)."""
    at, is_after = 0, False
    for start, token in control.apart(text):
        is_before, follows = strips.get(token, (False, False))
        if start > at:
            yield text[at:start], at, (is_after, is_before)
        yield token, start, None
        at, is_after = start + len(token), follows
    if at < len(text):
        yield text[at:], at, (is_after, False)


# --- the environment of templates -----------------------------------------------------------------


def _environment() -> Any:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _generation_tag()]
    )
    environment.globals.update(raise_exception=_refuse, strftime_now=_now)
    environment.filters["tojson"] = _to_json
    return environment


def _generation_tag() -> Any:
    """The tag around what the assistant wrote; in training it says where, here it only renders."""
    from jinja2 import nodes
    from jinja2.ext import Extension

    class Generation(Extension):
        tags = frozenset({"generation"})  # type: ignore[assignment]

        def parse(self, parser: Any) -> Any:
            line = next(parser.stream).lineno
            body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
            return nodes.CallBlock(self.call_method("_render"), [], [], body).set_lineno(line)

        def _render(self, caller: Callable[[], str]) -> str:
            return caller()

    return Generation


def _with_thinking(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message whose reasoning bears both names under which templates look for it."""
    reasoning = message.get("reasoning_content")
    return dict(message) if reasoning is None else {"thinking": reasoning, **message}


def _in_words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refuse(message: str) -> NoReturn:
    raise TemplateRefused(
        _("The model's chat template does not take these messages: {reason}.").format(reason=message)
    )


def _now(pattern: str) -> str:
    return datetime.datetime.now().strftime(pattern)


def _to_json(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """JSON as `transformers` writes it; nothing is escaped for HTML."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, sort_keys=sort_keys)
    return _ascii(text) if ensure_ascii else text


def _ascii(text: str) -> str:
    """Escape what is no ASCII, but leave the private characters, which are a mask."""
    return "".join(c if c.isascii() or ord(c) in PRIVATE else json.dumps(c)[1:-1] for c in text)
