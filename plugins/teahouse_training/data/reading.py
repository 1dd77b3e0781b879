"""A person's file as rows: JSONL or JSON, CSV, plain text. The file is only read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path

from teahouse import Translator
from teahouse.exchange import fields
from teahouse_training.data import objects, plain
from teahouse_training.data.rows import Data, DataError, Kind, Row, dialogue, hint_of

_ = Translator("teahouse_training")

MOST_BYTES = 256_000_000
MOST_ROWS = 200_000
MOST_FIELD = 4_000_000
TABLES = (".csv", ".tsv")
LISTS = ("conversations", "data", "examples", "train", "rows")
"""Names under which a JSON file may hold its rows."""


def read_file(path: Path, kind: Kind) -> Data:
    """The rows of a file, by what is in it; each row that cannot be used is among the issues.

    Raises:
        DataError: It cannot be read, is no text, is far too long, or there is nothing to learn in it.
    """
    raw = _bytes(path)
    data = Data(path.name, kind, sha256=hashlib.sha256(raw).hexdigest())
    text = _text(path, raw)
    if path.suffix.lower() in TABLES:
        _read_table(data, text)
    elif text.lstrip()[:1] in ("{", "["):
        _read_json(data, text)
    elif kind == "pretrain":
        data.total = 1
        data.rows.append(Row(1, text=text.strip()))
    else:
        plain.read_dialogues(data, text)
    if len(data.rows) > MOST_ROWS:
        raise _refused(path, _("it has more than {count} rows").format(count=MOST_ROWS))
    return data


def read_typed(pairs: Sequence[tuple[str, str]], kind: Kind) -> Data:
    """The rows of a table typed by hand; an empty one is passed over."""
    data = Data(_("typed table"), kind)
    for line, (question, answer) in enumerate(pairs, 1):
        if not (question.strip() or answer.strip()):
            continue
        data.total += 1
        if kind == "pretrain":
            data.rows.append(Row(line, text=f"{question}\n{answer}".strip()))
        else:
            objects.check_said(data, Row(line, dialogue((question.strip(), answer.strip()))))
    typed = json.dumps([list(pair) for pair in pairs], ensure_ascii=False)
    data.sha256 = hashlib.sha256(typed.encode("utf-8", "replace")).hexdigest()
    return data


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise _refused(path, _("there is no such file"))
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(path, _("it cannot be read ({error})").format(error=reason)) from error
    if len(raw) > MOST_BYTES:
        raise _refused(path, _("it has more than {size} MB").format(size=MOST_BYTES // 1_000_000))
    return raw


def _text(path: Path, raw: bytes) -> str:
    from teahouse.chat.encodings import decode

    text = decode(raw)
    if text is None:
        raise _refused(path, _("it is no text, or in an encoding that is not known for certain"))
    if not text.strip():
        raise _refused(path, _("it is empty"))
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- JSON -------------------------------------------------------------------------------------------


def _read_json(data: Data, text: str) -> None:
    """One array, one object with an array in it, or objects line by line."""
    try:
        whole = fields.parse(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict):
        inner = next((whole[name] for name in LISTS if _holds_rows(whole.get(name))), None)
        whole = inner if inner is not None else [whole]
        for number, value in enumerate(whole, 1):  # where each begins is not known any more
            objects.take(data, number, value)
    elif isinstance(whole, list) or text.lstrip().startswith("["):
        _read_array(data, text)
    else:
        _read_lines(data, text)


def _holds_rows(value: object) -> bool:
    """Whether this is a list of rows, and not the messages of a single one."""
    return isinstance(value, list) and all(isinstance(one, dict) and "from" not in one for one in value)


def _read_lines(data: Data, text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = fields.parse(line)
        except ValueError as error:
            data.total += 1
            data.leave_out(number, "unreadable", _in_words(error))
            continue
        objects.take(data, number, value)


def _read_array(data: Data, text: str) -> None:
    """The elements of an array, each with the line that it begins on; ends where one is broken."""
    decoder = json.JSONDecoder()
    at, line, seen = text.index("[") + 1, 1, 0
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \t\n,")) if text[at : at + 1] in " \t\n," else 0
        line, seen = line + text.count("\n", seen, at), at
        if at >= len(text) or text[at] == "]":
            break
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            data.total += 1
            data.leave_out(line, "unreadable", _in_words(error))
            break
        objects.take(data, line, value)


def _in_words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("column {column} is no JSON").format(column=error.colno)
    return _("it is nested too deeply") if isinstance(error, RecursionError) else str(error)[:120]


# --- tables -----------------------------------------------------------------------------------------


def _read_table(data: Data, text: str) -> None:
    """CSV with a row of names, or with just a question and an answer in each row."""
    reader = csv.reader(io.StringIO(text), _dialect(text), strict=False)
    csv.field_size_limit(MOST_FIELD)
    header: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None and _is_header(cells):
                header = cells
                continue
            header = header or []
            data.total += 1
            _take_cells(data, line, header, cells)
    except csv.Error as error:
        data.total += 1
        data.leave_out(begins, "unreadable", error)


def _take_cells(data: Data, line: int, header: list[str], cells: list[str]) -> None:
    named = dict(zip(header, cells, strict=False))
    if data.kind == "pretrain":
        text = objects.first(named, objects.TEXTS) or "\n\n".join(cell for cell in cells if cell.strip())
        data.rows.append(Row(line, text=text))
    elif header:
        objects.take_fields(data, line, named)
    elif len(cells) >= 2:
        objects.check_said(data, Row(line, dialogue((cells[0].strip(), cells[1].strip()))))
    else:
        data.leave_out(line, "no_answer")


def _is_header(cells: list[str]) -> bool:
    names = {cell.strip().casefold() for cell in cells}
    known = ((*objects.QUESTIONS,), (*objects.ANSWERS,), (*objects.TEXTS,))
    questions, answers, texts = (bool(names & set(group)) for group in known)
    return (questions and answers) or texts


def _dialect(text: str) -> type[csv.Dialect]:
    """Comma, semicolon or tab, by which the first line has most of."""
    line = text.partition("\n")[0]
    found = max(",;\t", key=line.count)

    class Found(csv.excel):
        delimiter = found

    return Found


def _refused(path: Path, reason: str) -> DataError:
    text = _("{file} cannot be learned from: {reason}.").format(file=path, reason=reason)
    return DataError(text, hint_of("sft"), path=str(path))
