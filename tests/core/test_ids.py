"""Ids that sort by time."""

from __future__ import annotations

import time
import uuid

from teahouse.ids import new_id, now_ms


def test_format_is_uuid_version_7() -> None:
    for _number in range(200):
        text = new_id()
        value = uuid.UUID(text)
        assert str(value) == text
        assert len(text) == 36
        assert (value.version, value.variant) == (7, uuid.RFC_4122)


def test_the_first_48_bits_are_utc_milliseconds() -> None:
    before = now_ms()
    made = uuid.UUID(new_id()).int >> 80
    assert before <= made <= now_ms()
    assert abs(now_ms() - time.time() * 1000) < 1000


def test_ids_of_later_milliseconds_sort_later() -> None:
    ids = []
    for _number in range(5):
        ids.append(new_id())
        time.sleep(0.003)
    assert ids == sorted(ids)


def test_ids_of_one_millisecond_differ() -> None:
    assert len({new_id() for _number in range(5000)}) == 5000
