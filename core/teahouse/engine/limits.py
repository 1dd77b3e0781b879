"""Bounds on the time and the memory that foreign code takes in this process."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from teahouse.errors import TemplateError
from teahouse.language import N_, _

LIMIT_BYTES = 512_000_000
HINT = N_("Choose another model, or one whose file carries a working chat template.")


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
