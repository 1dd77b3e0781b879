"""The chat template of a GGUF: Jinja in an immutable sandbox, with limits on time and size.

Runs in the model's child process only. What a person or a document wrote never becomes a control
token: control tokens are cut out of the rendered text by their own text, and where the same text
stands inside a message its first character is exchanged for a private one while the template runs.
"""

from __future__ import annotations

import datetime
import itertools
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from teahouse.errors import TemplateError, TemplateRefused
from teahouse.language import N_, _

LIMIT_S = 5.0
LIMIT_CHARACTERS = 8_000_000
LIMIT_BYTES = 512_000_000
PRIVATE = range(0xF0000, 0x10FFFE)
"""Code points of the private planes 15 and 16."""
HINT = N_("Choose another model, or one whose file carries a working chat template.")


class ChatTemplate:
    """One compiled template.

    Args:
        source: Jinja, as in the GGUF key `tokenizer.chat_template`.
        bos: Text of the token that begins a text; may be empty.
        eos: Text of the token that ends one; may be empty.
    """

    def __init__(self, source: str, *, bos: str = "", eos: str = "") -> None:
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
        )
        environment.globals.update(raise_exception=_refuse, strftime_now=_now)
        environment.filters["tojson"] = _to_json
        self._special = {"bos_token": bos, "eos_token": eos}
        try:
            with limits(LIMIT_S):
                self._template = environment.from_string(source)
        except TemplateError:
            raise
        except Exception as error:  # also Python's own compiler may refuse what Jinja made
            raise TemplateError(
                _("The model's chat template is broken: {error}.").format(error=_in_words(error)), _(HINT)
            ) from error

    def render(self, messages: Sequence[dict[str, Any]], *, is_open: bool = True) -> str:
        """The text that is sent; `is_open` ends it where the assistant begins.

        Raises:
            TemplateError: The template refused the messages, failed, or took too long or too much.
        """
        chunks: list[str] = []
        size = 0
        try:
            with limits(LIMIT_S):
                values = {"messages": list(messages), "add_generation_prompt": is_open, **self._special}
                for chunk in self._template.generate(values):
                    size += len(chunk)
                    if size > LIMIT_CHARACTERS:
                        raise TemplateError(_("The model's chat template made too much text."), _(HINT))
                    chunks.append(chunk)
        except TemplateError:
            raise
        except Exception as error:  # the template is foreign code: whatever it raises is its fault
            raise TemplateError(
                _("The model's chat template failed: {error}.").format(error=_in_words(error)), _(HINT)
            ) from error
        return "".join(chunks)


def tokenize_chat(
    template: ChatTemplate,
    messages: Sequence[dict[str, Any]],
    *,
    control: dict[str, int],
    tokenize: Callable[[str], list[int]],
) -> tuple[str, list[int]]:
    """Render messages and turn them into ids: (the text, its ids).

    Args:
        control: Text of each control token → its id.
        tokenize: Text → ids, with no control token recognised in it.
    """
    mask = _Mask(control, [message["content"] for message in messages])
    rendered = template.render([{**m, "content": mask.put_on(m["content"])} for m in messages])
    ids: list[int] = []
    for text, is_control in _cut(rendered, _any_of(control)):
        ids += [control[text]] if is_control else tokenize(mask.take_off(text))
    return mask.take_off(rendered), ids


class _Mask:
    """Makes texts free of control tokens and whole again."""

    def __init__(self, control: Iterable[str], texts: Sequence[str]) -> None:
        self._starts = _any_of(control)
        self._beginnings = {text[:length] for text in control for length in range(1, len(text))}
        self._longest = max(map(len, self._beginnings), default=0)
        firsts = sorted({text[0] for text in control})
        self._private = dict(zip(firsts, _free_characters(len(firsts), [*control, *texts]), strict=True))
        self._back = {ord(private): first for first, private in self._private.items()}

    def put_on(self, text: str) -> str:
        """Exchange the first character of each control token, also of one that the text only begins."""
        if self._starts is None:
            return text
        masked, at = list(text), -1
        while found := self._starts.search(text, at + 1):  # one after each start: they may overlap
            at = found.start()
            masked[at] = self._private[text[at]]
        for at in range(max(0, len(text) - self._longest), len(text)):
            if text[at:] in self._beginnings:
                masked[at] = self._private[text[at]]
        return "".join(masked)

    def take_off(self, text: str) -> str:
        """The text as it was."""
        return text.translate(self._back)


def _any_of(control: Iterable[str]) -> re.Pattern[str] | None:
    texts = sorted(control, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, texts))) if texts else None


def _free_characters(count: int, texts: Iterable[str]) -> list[str]:
    used = set("".join(texts))
    free = itertools.islice((chr(code) for code in PRIVATE if chr(code) not in used), count)
    found = list(free)
    if len(found) < count:
        raise TemplateError(
            _("The messages use every private character that Teahouse needs."), _("Take one of them out.")
        )
    return found


def _cut(text: str, pattern: re.Pattern[str] | None) -> Iterator[tuple[str, bool]]:
    at = 0
    for found in pattern.finditer(text) if pattern else ():
        if found.start() > at:
            yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(text):
        yield text[at:], False


@contextmanager
def limits(limit_s: float) -> Iterator[None]:
    """Bound the time and the memory that the block takes; a breach is a `TemplateError`."""
    with _memory_limit(LIMIT_BYTES), _time_limit(limit_s):
        yield


class _Expired(BaseException):
    """The time is over. No `Exception`: Jinja's compiler swallows those while it folds constants."""


@contextmanager
def _time_limit(limit_s: float) -> Iterator[None]:
    """Interrupt the block after `limit_s` by a timer signal, where there is one.

    Elsewhere (Windows, other threads) only the block's end is checked, and a template that never
    ends is stopped from outside: the person stops the reply and the child is killed.
    """
    begun = time.monotonic()
    try:
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            with _alarm(limit_s):
                yield
        else:
            yield
            if time.monotonic() - begun > limit_s:
                raise _Expired
    except _Expired:
        text = _("The model's chat template took longer than {limit} s.").format(limit=limit_s)
        raise TemplateError(text, _(HINT)) from None


@contextmanager
def _alarm(limit_s: float) -> Iterator[None]:
    def expire(*_frame: object) -> NoReturn:
        raise _Expired

    before = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _memory_limit(limit_bytes: int) -> Iterator[None]:
    """Refuse the block more than `limit_bytes` of new address space (Linux).

    One expression such as `'x' * 10**11` takes all memory before any output could be counted.
    """
    taken = _address_space_bytes()
    if taken is None:
        yield
        return
    import resource

    before, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = taken + limit_bytes
    is_lower = before == resource.RLIM_INFINITY or bound < before
    if is_lower:
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    try:
        yield
    except MemoryError as error:
        raise TemplateError(_("The model's chat template took too much memory."), _(HINT)) from error
    finally:
        if is_lower:
            resource.setrlimit(resource.RLIMIT_AS, (before, hard))


def _address_space_bytes() -> int | None:
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return None


def _in_words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _refuse(message: str) -> NoReturn:
    raise TemplateRefused(
        _("The model's chat template does not take these messages: {reason}.").format(reason=message)
    )


def _now(pattern: str) -> str:
    return datetime.datetime.now().strftime(pattern)


def _to_json(value: Any, indent: int | None = None, **_options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
