"""`teahouse models add|info|check|remove|set`: files of one's own, what is known and wanted of each model."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from teahouse.cli.console import (
    ProgressLine,
    columns,
    echo,
    echo_json,
    one_line,
    padded,
    run,
    size_text,
)
from teahouse.cli.main import Session
from teahouse.errors import SettingError
from teahouse.language import _
from teahouse.models import facts
from teahouse.models.copying import CheckProgress, CopyProgress
from teahouse.models.integrity import Checked, check
from teahouse.models.library import Model
from teahouse.models.shelf import Removed, link_target, put_in, removable_file, take_out


def commands() -> Iterator[click.Command]:
    """The five commands."""
    as_json = click.Option(["--json", "is_json"], is_flag=True, help=_("Print one JSON object."))
    yield click.Command(
        "add",
        callback=_add,
        help=_("Add a GGUF file of your own. It is linked, not copied, and must stay where it is."),
        params=[
            click.Argument(["file"], type=click.Path(path_type=Path)),
            click.Option(["--copy", "is_copy"], is_flag=True, help=_("Copy it instead.")),
            click.Option(["--name"], default="", help=_("What to call it here.")),
            click.Option(["--sha256"], default="", help=_("Add it only if it has this SHA-256.")),
            as_json,
        ],
    )
    yield click.Command(
        "info",
        callback=_info,
        help=_("What the file of a model says about it."),
        params=[click.Argument(["name"], metavar="NAME|PATH"), as_json],
    )
    yield click.Command(
        "check",
        callback=_check,
        help=_("Read a model's whole file and compare its SHA-256 with the catalogue's."),
        params=[click.Argument(["name"], metavar="NAME|PATH"), as_json],
    )
    yield click.Command(
        "remove",
        callback=_remove,
        help=_("Delete a model from the models folder; of a linked one only the link."),
        params=[
            click.Argument(["name"]),
            click.Option(["--yes", "is_sure"], is_flag=True, help=_("Do not ask.")),
        ],
    )
    yield click.Command(
        "set",
        callback=_set,
        help=_("Choose a setting for one model, such as engine.context."),
        params=[
            click.Argument(["name"]),
            click.Argument(["key"]),
            click.Argument(["value"], required=False),
            click.Option(["--reset", "is_reset"], is_flag=True, help=_("Take the model's own value back.")),
        ],
        context_settings={"ignore_unknown_options": True},  # a value may be -1
    )


# --- add --------------------------------------------------------------------------------------------


@click.pass_obj
def _add(session: Session, /, file: Path, is_copy: bool, name: str, sha256: str, is_json: bool) -> None:
    line = ProgressLine()

    def show(progress: CheckProgress | CopyProgress) -> None:
        done, total = size_text(progress.done_bytes), size_text(progress.total_bytes)
        is_check = isinstance(progress, CheckProgress)
        text = _("Comparing: {done} of {total}") if is_check else _("Copying: {done} of {total}")
        line.show(text.format(done=done, total=total))

    try:
        model: Model = run(put_in(session.app, file, name=name, is_copy=is_copy, sha256=sha256), show)
    finally:
        line.clear()
    original = link_target(model.path) if model.path else None
    if is_json:
        found = {"name": model.name, "path": str(model.path), "size_bytes": model.size_bytes}
        echo_json(found | {"links_to": str(original) if original else None})
        return
    echo(_("Added as “{name}”.").format(name=model.name))
    if original:
        text = _("It is a link to {file}: if that file is moved or deleted, the model is gone here too.")
        echo(text.format(file=original))


# --- info -------------------------------------------------------------------------------------------


@click.pass_obj
def _info(session: Session, /, name: str, is_json: bool) -> None:
    found = facts.describe(session.app.models.look_up(name))
    if is_json:
        echo_json(found)
        return
    lines = [(one_line(label), one_line(value)) for label, value in _lines(found) if value]
    width = max(columns(label) for label, _value in lines)
    for label, value in lines:
        echo(f"{padded(label, width)}  {value}")


def _lines(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Label and value of each line; an empty value is not shown."""
    yield _("name"), found["name"]
    yield _("problem"), found["problem"]
    yield _("file"), found["path"] or ""
    yield _("link to"), found.get("links_to") or ""
    yield _("size"), size_text(found["size_bytes"]) if found["size_bytes"] else ""
    if "kind" in found:
        yield from _lines_of_header(found)


def _lines_of_header(found: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("what it is"), found["kind_text"]
    yield _("own name"), found["title"]
    yield _("architecture"), found["architecture"]
    yield _("parameters"), _count(found["parameters"])
    yield _("quantization"), found["quantization"]
    yield _("trained context"), _count(found["context_length"])
    yield _("layers"), _count(found["layers"])
    yield _("embedding length"), _count(found["embedding_length"])
    yield _("vocabulary"), _count(found["vocabulary_size"])
    yield _("licence"), found["licence"]
    yield _("languages"), ", ".join(found["languages"])
    yield _("chat template"), _("yes") if found["has_chat_template"] else _("none in the file")
    for name, held in found["tensor_types"].items():
        text = _("{count} tensors, {size}").format(count=held["tensors"], size=size_text(held["bytes"]))
        yield f"  {name}", text


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


# --- check ------------------------------------------------------------------------------------------


@click.pass_obj
def _check(session: Session, /, name: str, is_json: bool) -> None:
    line = ProgressLine()

    def show(progress: CheckProgress) -> None:
        done, total = size_text(progress.done_bytes), size_text(progress.total_bytes)
        line.show(_("Comparing: {done} of {total}").format(done=done, total=total))

    try:
        checked: Checked = run(check(session.app.models.look_up(name)), show)
    finally:
        line.clear()
    if is_json:
        echo_json({"sha256": checked.sha256, "wanted": checked.wanted, "is_right": checked.is_right})
    else:
        echo(checked.text)
    if checked.is_right is False:
        raise click.exceptions.Exit(1)


# --- remove -----------------------------------------------------------------------------------------


@click.pass_obj
def _remove(session: Session, /, name: str, is_sure: bool) -> None:
    app = session.app
    model = app.models.look_up(name)
    file = removable_file(model, folder=app.paths.models)
    if not is_sure:
        _ask(file)
    echo(_removed_text(take_out(app, model)))


def _ask(file: Path) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError(_("Nobody can be asked here: say --yes to remove it."))
    original = link_target(file)
    question = (
        _("Remove the link {path}? The file {original} stays.")
        if original
        else _("Delete {path} ({size}) for good?")
    )
    text = question.format(path=file, original=original, size=size_text(file.lstat().st_size))
    click.confirm(one_line(text), abort=True)


def _removed_text(removed: Removed) -> str:
    if removed.original:
        return _("The link was removed; the file stays at {path}.").format(path=removed.original)
    if removed.freed_bytes:
        size = size_text(removed.freed_bytes)
        return _("{path} was deleted: {size} are free again.").format(path=removed.path, size=size)
    return _("{path} was deleted; its content is still there under another name.").format(path=removed.path)


# --- set --------------------------------------------------------------------------------------------


@click.pass_obj
def _set(session: Session, /, name: str, key: str, value: str | None, is_reset: bool) -> None:
    settings = session.app.settings
    if (value is None) != is_reset:
        raise click.UsageError(_("Give a value, or --reset."))
    model = session.app.models.look_up(name)
    setting = next((s for s in settings.declared if s.key == key and "model" in s.scopes), None)
    if setting is None:
        allowed = ", ".join(s.key for s in settings.declared if "model" in s.scopes)
        raise SettingError(
            _("There is no setting {key} for models.").format(key=key),
            _("There are: {keys}.").format(keys=allowed),
            key=key,
        )
    if value is None:
        settings.reset(key, model=model.name)
    else:
        settings.set(key, setting.parse(value), model=model.name)
    now = settings.get(key, model.name)
    echo(_("{key} for {name}: {value}").format(key=key, name=model.name, value=now))
