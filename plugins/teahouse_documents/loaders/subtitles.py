"""Subtitles (.srt, .vtt): what is said, with the time. Sources: the SubRip format, WebVTT of the W3C."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from teahouse.passages import LoadContext, Piece, Place
from teahouse_documents.loaders.files import read_text
from teahouse_documents.loaders.normal import ENDS_OF_LINE, join_lines
from teahouse_documents.loaders.refusal import broken

TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
TIMES = re.compile(rf"^\s*{TIME}\s*-->\s*{TIME}")
TAGS = re.compile(r"<[^>]{0,200}>|\{\\[^}]{0,200}\}")
PIECE_S = 45.0
PIECE_CHARS = 500
PAUSE_S = 6.0


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle; times in seconds, its line in the file."""

    start_s: float
    end_s: float
    line: int
    text: str


def load(path: Path, context: LoadContext) -> Iterator[Piece]:
    """What is said, some sentences to a piece; a pause begins a new one."""
    lines = ENDS_OF_LINE.sub("\n", read_text(path)).split("\n")
    held: list[Cue] = []
    has_any = False
    for cue in cues(lines):
        has_any = True
        size = sum(len(one.text) for one in held)
        if held and (
            cue.start_s - held[-1].end_s > PAUSE_S
            or cue.end_s - held[0].start_s > PIECE_S
            or size + len(cue.text) > PIECE_CHARS
        ):
            yield _piece(held)
            held = []
        if not held or cue.text != held[-1].text:
            held.append(cue)
    if held:
        yield _piece(held)
    if not has_any:
        raise broken(path.suffix[1:].upper())


def cues(lines: list[str]) -> Iterator[Cue]:
    """The subtitles of a file in order; empty ones are left out."""
    for number, line in enumerate(lines):
        times = TIMES.match(line)
        if times is None:
            continue
        said = []
        for below in lines[number + 1 :]:
            if not below.strip() or TIMES.match(below):
                break
            said.append(TAGS.sub("", below))
        if (
            said
            and said[-1].strip().isdecimal()
            and len(said) > 1
            and _is_last_before_times(lines, number, said)
        ):
            said.pop()  # a file without blank lines: the number of the next one
        if text := join_lines(said):
            yield Cue(_seconds(times, 1), _seconds(times, 5), number + 1, text)


def _is_last_before_times(lines: list[str], number: int, said: list[str]) -> bool:
    after = number + 1 + len(said)
    return after < len(lines) and TIMES.match(lines[after]) is not None


def _seconds(times: re.Match[str], group: int) -> float:
    hours, minutes, seconds, thousandths = (times[group + i] or "0" for i in range(4))
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths.ljust(3, "0")) / 1000


def _piece(held: list[Cue]) -> Piece:
    place = Place(line=held[0].line, last_line=None, time_s=held[0].start_s)
    return Piece("\n".join(cue.text for cue in held), "text", place)
