"""What the commands `teahouse train …` do."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.events import Notice
from teahouse.jobs import Job
from teahouse.language import sentences
from teahouse_training.data.rows import DataError, Kind
from teahouse_training.phrases import command_line, going_in_words
from teahouse_training.runs import ChosenChats, Draft, FileRows, Run, Runs, TrainingRefused

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.jobs import Cancel, Work
    from teahouse.setting import Value

_ = Translator("teahouse_training")

Params = Mapping[str, "Value"]
Steps = Generator[Any, None, dict[str, Any]]
FIELDS = {
    "steps": "steps",
    "rate": "learning_rate",
    "rank": "rank",
    "alpha": "alpha",
    "dropout": "dropout",
    "rslora": "is_rank_stabilised",
    "length": "length",
    "rows": "rows",
    "accumulation": "accumulation",
    "patience": "patience",
    "save_memory": "is_checkpointed",
    "threads": "threads",
    "full": "is_full",
}
"""Options, and the fields of `TrainingSettings` that they set."""
SAMPLE = 3


def sft(app: App, params: Params) -> Work:
    """Work that fine-tunes a model and returns the run."""
    return _train(app, params, "sft")


def pretrain(app: App, params: Params) -> Work:
    """Work that goes on with a model's training on plain text and returns the run."""
    return _train(app, params, "pretrain")


def resume(app: App, params: Params) -> Work:
    """Work that goes on with a run and returns it."""

    def work(cancel: Cancel) -> Steps:
        return (yield from _carry(app, _name(params), bool(params.get("train.force")), cancel))

    return work


def list_(app: App, params: Params) -> Work:
    """Work that returns all runs, and those that cannot be read."""

    def read() -> dict[str, Any]:
        found, bad = Runs(app).read_all()
        return {"runs": [run.as_json() for run in found], "damaged": [run.as_json() for run in bad]}

    return _at_once(read)


def show(app: App, params: Params) -> Work:
    """Work that returns a run."""
    return _at_once(lambda: Runs(app).find(_name(params)).as_json())


def pause(app: App, params: Params) -> Work:
    """Work that asks a run to stop for now."""
    return _at_once(lambda: Runs(app).pause(_name(params)).as_json())


def cancel(app: App, params: Params) -> Work:
    """Work that asks a run to stop for good."""
    return _at_once(lambda: Runs(app).cancel(_name(params)).as_json())


def keep(app: App, params: Params) -> Work:
    """Work that keeps what came out of a run."""
    return _at_once(lambda: Runs(app).keep(_name(params)).as_json())


def discard(app: App, params: Params) -> Work:
    """Work that deletes a run, with what it has put into the library."""

    def delete() -> dict[str, Any]:
        runs, name = Runs(app), _name(params)
        if not params.get("train.yes"):
            raise TrainingRefused(
                sentences(_("Nothing was deleted yet."), *going_in_words(runs.look_at_discard(name))),
                _("To delete it, add --yes."),
                name=name,
            )
        return {"discarded": name, **runs.discard(name).as_json()}

    return _at_once(delete)


def draft_of(params: Params, kind: Kind) -> Draft:
    """What the options ask for.

    Raises:
        TrainingRefused: There is no name, or no data.
    """
    name, data = _text(params, "out"), _text(params, "data")
    folder, tag, is_liked = _text(params, "folder"), _text(params, "tag"), bool(params.get("train.liked"))
    if not name and not params.get("train.dry_run"):
        raise TrainingRefused(_("The run has no name."), _("Give it one with --out NAME."))
    if not data and not (folder or tag or is_liked):
        raise TrainingRefused(
            _("There is nothing to learn from."),
            _("Name a file with --data FILE, or conversations with --folder, --tag or --liked."),
        )
    chats = ChosenChats(folder, tag, int(is_liked))
    changes: dict[str, Any] = {
        field: params[f"train.{option}"] for option, field in FIELDS.items() if params.get(f"train.{option}")
    }
    if targets := _text(params, "targets"):
        changes["targets"] = tuple(targets.replace(",", " ").split())
    held_out = _text(params, "held_out")
    return Draft(
        name or "–",
        _text(params, "model"),
        FileRows(Path(data)) if data else chats,
        kind,
        _text(params, "preset"),
        changes=changes,
        held_out=FileRows(Path(held_out)) if held_out else None,
        questions=_lines(_text(params, "ask")),
    )


# --- inside -----------------------------------------------------------------------------------------


def _train(app: App, params: Params, kind: Kind) -> Work:
    def work(cancel: Cancel) -> Steps:
        runs, draft = Runs(app), draft_of(params, kind)
        before = set(app.engines.loaded)
        title = _("Preparing the run {name}").format(name=draft.name)
        if params.get("train.dry_run"):
            checked = yield from runs.in_turn(title, runs.check(draft, sample=SAMPLE), cancel)
            return checked_as_json(checked)
        run: Run = yield from runs.in_turn(title, runs.prepare(draft), cancel)
        _unload_new(app, before)
        return (yield from _carry(app, run.name, bool(params.get("train.force")), cancel))

    return work


def _carry(app: App, name: str, is_forced: bool, cancel: Cancel) -> Steps:
    try:
        run: Run = yield from Runs(app).start(name, is_forced=is_forced)(cancel)
    except GeneratorExit:
        _tell_paused(app, name)
        raise
    if cancel.is_set() and run.can_resume:
        _tell_paused(app, name)
    return run.as_json()


def _tell_paused(app: App, name: str) -> None:
    """Nobody waits for the result of work that was stopped: what was kept is said all the same."""
    text = _("The run “{name}” is paused, and what it has learned is kept.").format(name=name)
    hint = _("Let it go on: {command}").format(command=command_line("resume", name))
    app.events.publish(Notice(text, hint))


def _unload_new(app: App, before: set[str]) -> None:
    """Free the model that was loaded only to read the data."""
    new = [name for name in app.engines.loaded if name not in before]

    def work(cancel: Cancel) -> Generator[None, None, None]:
        yield from ()
        for name in new:
            app.engines.unload(name, cancel)

    if new:
        app.jobs.finish(Job(_("Making room for training"), work), "model")


def _at_once(answer: Callable[[], dict[str, Any]]) -> Work:
    def work(cancel: Cancel) -> Steps:
        yield from ()
        return answer()

    return work


def _text(params: Params, option: str) -> str:
    return str(params.get(f"train.{option}") or "").strip()


def _name(params: Params) -> str:
    return _text(params, "name")


def _lines(path: str) -> tuple[str, ...] | None:
    """The lines of a file of questions; None for no file."""
    if not path:
        return None
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise DataError(
            _("{file} cannot be read ({reason}).").format(file=path, reason=error), path=path
        ) from error
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def checked_as_json(checked: Any) -> dict[str, Any]:
    """What was found out about the data."""
    return {
        "total": checked.total,
        "rows": checked.rows,
        "held_out": checked.held_out,
        "tokens": checked.tokens,
        "learned_tokens": checked.learned_tokens,
        "longest": checked.longest,
        "left_out": [issue.as_json() for issue in checked.issues if issue.is_left_out],
        "warnings": [issue.as_json() for issue in checked.issues if not issue.is_left_out],
        "preset": checked.preset,
        "settings": checked.settings.as_json(),
        "questions": list(checked.questions),
        "memory_bytes": checked.memory.total_bytes if checked.memory else None,
        "sample": [
            {
                "line": seen.line,
                "ids": list(seen.ids),
                "pieces": [piece.decode("utf-8", "replace") for piece in seen.pieces],
                "learned": list(map(int, seen.learned)),
            }
            for seen in checked.sample
        ],
    }
