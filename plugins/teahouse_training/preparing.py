"""A run's folder, made of a draft: whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Generator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.ids import now_ms
from teahouse.models.disk import sync_folder
from teahouse_torch import examples_file
from teahouse_torch.run_folder import GENERAL, HELD_OUT, TRAIN, Asked, RunFolder
from teahouse_training import lessons, needs
from teahouse_training.damage import DRAFT
from teahouse_training.data.rows import DataError, Row
from teahouse_training.gathering import Gathered, gather
from teahouse_training.general import LENGTH, general_texts
from teahouse_training.keeping import check_free_model
from teahouse_training.looks import PIECES
from teahouse_training.phrases import command_line
from teahouse_training.records import Records, check_name, sha256_of, write_json
from teahouse_training.room import estimate_of
from teahouse_training.values import Checked, Draft, Run, RunProgress, TrainingRefused

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work

_ = Translator("teahouse_training")

MOST_ISSUES = 1000
"""Of what is told of the rows; the first ones."""


def check(app: App, draft: Draft, *, sample: int) -> Work:
    """Work that returns a `Checked`: what would become of a draft; nothing is written."""

    def work(cancel: Cancel) -> Generator[RunProgress, None, Checked]:
        found = yield from gather(app, draft, cancel)
        longest = max(len(one.ids) for one in found.lessons.train)
        return Checked(
            name=draft.name,
            total=found.data.total,
            rows=found.rows,
            held_out=found.held_out_rows,
            issues=tuple(found.data.issues),
            tokens=sum(len(one.ids) for one in found.lessons.train),
            learned_tokens=sum(sum(one.learned) for one in found.lessons.train),
            longest=longest,
            preset=found.preset.name,
            settings=found.settings,
            questions=tuple(question for question, _messages in found.prompts),
            memory=estimate_of(found.model, found.settings, longest=longest),
            sample=lessons.see(found.engine, found.lessons.train[:sample]),
        )

    return work


def prepare(app: App, records: Records, draft: Draft) -> Work:
    """Work that makes a run of a draft and returns it; see `Runs.prepare`."""

    def work(cancel: Cancel) -> Generator[RunProgress, None, Run]:
        needs.check()
        name = check_new(app, records, draft.name)
        found = yield from gather(app, draft, cancel)
        if found.settings.is_full:
            check_free_model(app, name)
        records.home.mkdir(parents=True, exist_ok=True)
        part = records.home / f".{name}.{os.getpid()}.part"
        shutil.rmtree(part, ignore_errors=True)
        try:
            part.mkdir()
            _write(part, name, draft, found, cancel)
            if cancel.is_set():
                raise TrainingRefused(_("Stopped. No run was made."))
            part.replace(records.home / name)
        except OSError as error:
            raise TrainingRefused(
                _("{file} cannot be written: {reason}. Nothing was changed.").format(
                    file=records.home / name, reason=error.strerror or error
                ),
                _("Make room there, or choose another name."),
            ) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        sync_folder(records.home)
        return records.read(name)

    return work


def check_new(app: App, records: Records, name: str) -> str:
    """A name that no run and no adapter has.

    Raises:
        TrainingRefused: It cannot be a name, or one has it.
    """
    plain = check_name(name)
    hint = _("Choose another name, or discard the old one first: {command}")
    if records.exists(plain):
        text = _("There is a run named “{name}” already. Nothing was changed.")
        raise TrainingRefused(
            text.format(name=plain), hint.format(command=command_line("discard", plain)), name=plain
        )
    if any(one.name.casefold() == plain.casefold() for one in app.adapters.list()):
        text = _("There is an adapter named “{name}” already. Nothing was changed.")
        raise TrainingRefused(text.format(name=plain), _("Choose another name."), name=plain)
    return plain


# --- what is written --------------------------------------------------------------------------------


def _write(part: Path, name: str, draft: Draft, found: Gathered, cancel: Cancel) -> None:
    place, engine = RunFolder(part), found.engine
    _write_rows(part / "data.jsonl", (one.row for one in found.lessons.train))
    _write_rows(part / "held_out.jsonl", (one.row for one in found.lessons.held_out))
    train, held_out = found.lessons.train, found.lessons.held_out
    sizes = examples_file.write(place.examples(TRAIN), [(one.ids, one.learned) for one in train])
    if not sizes.learned:
        raise DataError(_("There is nothing to learn in {name}.").format(name=found.data.name))
    if held_out:
        examples_file.write(place.examples(HELD_OUT), [(one.ids, one.learned) for one in held_out])
    for title, text in general_texts().items():
        told = engine.plain_examples([text], LENGTH, cancel)[:1]
        examples_file.write(place.examples(GENERAL + title), [(one.ids, one.learned) for one in told])
    (part / PIECES).write_text(json.dumps(lessons.vocabulary(engine)), encoding="utf-8")
    write_json(part / DRAFT, _told(draft, found, place, sizes))
    questions = [tuple(engine.render(messages, cancel).ids) for _question, messages in found.prompts]
    assert found.model.path is not None
    place.put_asked(
        Asked(
            name=name,
            model=found.model.path,
            settings=found.settings,
            questions=tuple(questions),
            ends=found.lessons.ends,
            card=card_of(name, draft, found),
        )
    )


def _write_rows(path: Path, rows: Iterable[Row]) -> None:
    """A snapshot of rows, each once, that can be imported again."""
    with path.open("w", encoding="utf-8", errors="replace") as stream:
        for row in dict.fromkeys(rows):
            stream.write(json.dumps(row.as_json(), ensure_ascii=False) + "\n")


def _told(draft: Draft, found: Gathered, place: RunFolder, sizes: examples_file.Sizes) -> dict[str, Any]:
    return {
        "kind": draft.kind,
        "model": found.model.name,
        "model_hash": found.engine.model_hash,
        "preset": found.preset.name,
        "changes": dict(draft.changes),
        "created_ms": now_ms(),
        "source": found.data.name,
        "source_sha256": found.data.sha256,
        "total": found.data.total,
        "rows": found.rows,
        "held_out": found.held_out_rows,
        "held_out_source": found.data.held_out_name,
        "held_out_sha256": found.data.held_out_sha256,
        "examples_sha256": sha256_of(place.examples(TRAIN)),
        "tokens": sizes.tokens,
        "learned_tokens": sizes.learned,
        "questions": [question for question, _messages in found.prompts],
        "issues": [issue.as_json() for issue in found.data.issues[:MOST_ISSUES]],
    }


def card_of(name: str, draft: Draft, found: Gathered) -> dict[str, str]:
    """What the adapter's file says of itself."""
    return {
        "run": name,
        "kind": draft.kind,
        "base": found.model.name,
        "base_hash": found.engine.model_hash,
        "data": found.data.name,
        "data_sha256": found.data.sha256,
        "rows": str(found.rows),
        "preset": found.preset.name,
        "settings": json.dumps(found.settings.as_json()),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
