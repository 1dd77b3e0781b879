"""Texts longer than the context."""

from __future__ import annotations

import pytest

from teahouse_sampling.windows import cut


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("size", [2, 3, 8, 9, 100])
@pytest.mark.parametrize("count", [2, 7, 8, 9, 64, 65, 100, 101])
def test_every_token_is_judged_once_with_half_a_window_before_it(count: int, size: int, first: int) -> None:
    windows = list(cut(count, size, first=first))
    judged = [place for _begins, start, ends in windows for place in range(start, ends)]
    assert judged == list(range(first, count))
    for begins, start, ends in windows:
        assert 0 <= begins <= start < ends <= count and ends - begins <= size
        assert start - begins >= (size // 2 if begins else first)
    assert sum(ends - begins for begins, _start, ends in windows) <= 2 * count + size


def test_a_text_that_fits_is_one_window() -> None:
    assert list(cut(8, 8, first=1)) == [(0, 1, 8)]
    assert list(cut(1, 8, first=1)) == []
