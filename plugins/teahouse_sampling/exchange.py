"""A preset as a file: JSON that people can read, written whole or not at all, read without belief."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from teahouse import Translator
from teahouse.errors import SettingError
from teahouse_sampling.settings import WORDS, key_of

_ = Translator("teahouse_sampling")

MARK, VERSION = "teahouse_preset", 1
MOST_BYTES = 1_000_000
LONGEST_NAME = 80
FIELDS = {*WORDS, "temperature", "max_tokens"}


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: the name it gives itself, or the file's, and its values by key of a setting."""

    name: str
    values: dict[str, Any]


def write(path: Path, name: str, values: dict[str, Any]) -> None:
    """Write a preset to a file.

    Raises:
        SettingError: It cannot be written.
    """
    text = json.dumps({MARK: VERSION, "name": name, "values": values}, ensure_ascii=False, indent=2)
    replace(path, text + "\n")


def read(path: Path) -> Found:
    """What a file holds: our own, or an object of plain names such as `{"temperature": 0.8, "top_k": 20}`.

    Raises:
        SettingError: It cannot be read, is too long, or is no preset; says why.
    """
    found = _load(path)
    if not isinstance(found, dict):
        raise foreign(path, _("it is no JSON object"))
    version = found.get(MARK)
    if version is not None and (not isinstance(version, int) or version > VERSION):
        raise foreign(path, _("a newer version of the app wrote it"))
    values = found.get("values") if version is not None else {**found}
    if not isinstance(values, dict):
        raise foreign(path, _("it holds no sampling value"))
    name = found.get("name") if version is not None else values.pop("name", "")
    title = cleaned(name) if isinstance(name, str) else ""
    return Found(title or cleaned(path.stem) or "1", {_key(str(key)): value for key, value in values.items()})


def cleaned(name: str) -> str:
    """A name in one line without control characters, of bounded length."""
    plain = "".join(character if character.isprintable() else " " for character in name[: LONGEST_NAME * 4])
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def replace(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    Raises:
        SettingError: It cannot be written; what was there before stays.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except (OSError, ValueError) as error:
        part.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def foreign(path: Path, reason: str) -> SettingError:
    """The error for a file that is no preset; `reason` is a clause."""
    text = _("{file} cannot be used as a preset: {reason}.").format(file=path, reason=reason)
    return SettingError(text, _("Nothing was changed."), path=str(path))


def unreadable(path: Path, error: Exception) -> SettingError:
    """The error for a file that cannot be read."""
    return foreign(path, _("it cannot be read ({error})").format(error=_reason(error)))


def unwritable(path: Path, error: Exception) -> SettingError:
    """The error for a file that cannot be written."""
    text = _("{file} cannot be written ({reason}). What was there before is kept.")
    return SettingError(text.format(file=path, reason=_reason(error)), path=str(path))


def _load(path: Path) -> Any:
    try:
        if not path.is_file():
            raise foreign(path, _("it is no file"))
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    if len(data) > MOST_BYTES:
        raise foreign(path, _("it is far too long"))
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise foreign(path, _("it is no text")) from error
    except RecursionError as error:
        raise foreign(path, _("it is nested too deeply")) from error
    except json.JSONDecodeError as error:
        place = _("line {line}, column {column} is no JSON").format(line=error.lineno, column=error.colno)
        raise foreign(path, place) from error
    except ValueError as error:  # a number with thousands of digits
        raise foreign(path, str(error)) from error


def _key(name: str) -> str:
    """The key of a setting for a key, or for the bare name of a field."""
    return key_of(name) if name in FIELDS else name


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
