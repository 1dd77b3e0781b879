"""From a draft to lessons: read, checked, turned into tokens, divided. Nothing is written."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from teahouse import Translator
from teahouse.errors import SettingError
from teahouse_torch.settings import TrainingSettings
from teahouse_training import presets, settings
from teahouse_training.data import checks
from teahouse_training.data.holding_out import FEWEST_TO_HOLD_OUT, MOST_HELD_OUT, hold_out, take_apart
from teahouse_training.data.rows import Data, Row, Said
from teahouse_training.lessons import Lesson, Lessons, leave_out_long, read_chats, read_texts
from teahouse_training.values import (
    ChosenChats,
    Draft,
    FileRows,
    RunProgress,
    Source,
    TrainingRefused,
    TypedRows,
)

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.engine.loaded import Engine
    from teahouse.jobs import Cancel
    from teahouse.models.library import Model

_ = Translator("teahouse_training")

Steps = Generator[RunProgress, None, Any]
Prompt = tuple[str, list[dict[str, str]]]
"""A question, and the messages that ask it."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a run would be made of."""

    model: Model
    engine: Engine
    data: Data
    lessons: Lessons
    preset: presets.Preset
    settings: TrainingSettings
    prompts: tuple[Prompt, ...]

    @property
    def rows(self) -> int:
        """Rows that are learned."""
        return len({id(one.row) for one in self.lessons.train})

    @property
    def held_out_rows(self) -> int:
        """Rows that are held out."""
        return len({id(one.row) for one in self.lessons.held_out})


def find_model(app: App, name: str) -> Model:
    """The model that is to be trained.

    Raises:
        ModelError: There is none of this name.
        TrainingRefused: It is no GGUF file that can chat.
    """
    model = app.models.find(name or str(app.settings.get("models.default")) or "starter")
    if model.path is None or model.header is None or not model.can_chat:
        raise TrainingRefused(
            _("{model} cannot be trained: only GGUF files of language models can.").format(model=model.name),
            _("“teahouse models list” names those there are."),
            model=model.name,
        )
    return model


def read_rows(app: App, draft: Draft) -> Data:
    """The rows of a draft and those that the person holds out, checked; what is left out is told.

    Raises:
        DataError: The file cannot be read, or nothing in it can be learned.
    """
    data = _read(app, draft.source, draft)
    data.check_any()
    keeps_secrets = bool(app.settings.get(settings.SECRETS))
    checks.check(data, keeps_secrets=keeps_secrets)
    if draft.held_out is not None:
        apart = _read(app, draft.held_out, draft)
        apart.check_any()
        checks.check(apart, keeps_secrets=keeps_secrets)
        take_apart(data, apart)
        data.check_any()
        apart.check_any()
    data.check_any()
    return data


def gather(app: App, draft: Draft, cancel: Cancel) -> Generator[RunProgress, None, Gathered]:
    """Read a draft's data and turn it into lessons with the model's own tokens.

    Raises:
        DataError: There is nothing to learn.
        ModelError, EngineError: The model cannot be found or loaded.
        SettingError: The draft's numbers cannot be.
    """
    model = find_model(app, draft.model)
    yield RunProgress(draft.name, "reading")
    data = read_rows(app, draft)
    engine = yield from _open(app, draft.name, model, cancel)
    made = yield from _tell(draft.name, _lessons(app, engine, model, draft, data, cancel))
    lessons = _divide(app, draft, data, made)
    data.issues.sort(key=lambda issue: (issue.source == data.held_out_name != "", issue.line))
    preset = _preset(app, draft, len(lessons.train))
    return Gathered(
        model,
        engine,
        data,
        lessons,
        preset,
        _settings(app, draft, preset, lessons),
        tuple(_prompts(app, draft, data)),
    )


# --- inside -----------------------------------------------------------------------------------------


def _read(app: App, source: Source, draft: Draft) -> Data:
    from teahouse_training.data.conversations import read_conversations
    from teahouse_training.data.reading import read_file, read_typed

    match source:
        case FileRows(path):
            return read_file(path.expanduser(), draft.kind)
        case ChosenChats(folder, tag, thumb):
            return read_conversations(app, draft.kind, folder=folder, tag=tag, thumb=thumb)
        case TypedRows(pairs):
            return read_typed(pairs, draft.kind)


def _open(app: App, name: str, model: Model, cancel: Cancel) -> Generator[RunProgress, None, Engine]:
    steps = app.engines.open(model.name, cancel)
    while True:
        try:
            loading = next(steps)
        except StopIteration as done:
            engine: Engine = done.value
            return engine
        yield RunProgress(name, "preparing", fraction=loading.fraction)


def _tell(name: str, steps: Generator[float, None, Any]) -> Steps:
    while True:
        try:
            fraction = next(steps)
        except StopIteration as done:
            return done.value
        yield RunProgress(name, "preparing", fraction=fraction)


def _lessons(
    app: App, engine: Engine, model: Model, draft: Draft, data: Data, cancel: Cancel
) -> Generator[float, None, list[Lesson]]:
    """Lessons of all rows, those held out by the person too."""
    rows = [*data.rows, *data.held_out]
    if draft.kind == "pretrain":
        wanted = draft.settings.length if draft.settings else draft.changes.get("length")
        made = yield from read_texts(engine, rows, int(wanted or presets.STRETCH_TOKENS), cancel)
        return made
    made = yield from read_chats(engine, data, rows, cancel)
    most = int(app.settings.get(settings.LENGTH))
    trained = model.header.context_length if model.header else 0
    return leave_out_long(data, made, min(most, trained or most))


def _divide(app: App, draft: Draft, data: Data, made: list[Lesson]) -> Lessons:
    """What is learned, and what is held out: the person's own rows, else a share of all."""
    there = {id(one.row) for one in made}
    data.rows = [row for row in data.rows if id(row) in there]
    data.held_out = [row for row in data.held_out if id(row) in there]
    data.check_any()
    share = float(app.settings.get(settings.HELD_OUT))
    if draft.held_out is None and draft.kind == "pretrain":
        return _divide_pieces(made, share)
    if draft.held_out is None:
        hold_out(data, share)
    apart = {id(row) for row in data.held_out}
    return Lessons(
        [one for one in made if id(one.row) not in apart], [one for one in made if id(one.row) in apart]
    )


def _divide_pieces(made: list[Lesson], share: float) -> Lessons:
    """Pieces of plain text: every so many is held out, where there are enough."""
    count = min(MOST_HELD_OUT, round(len(made) * share))
    if len(made) < FEWEST_TO_HOLD_OUT or not count:
        return Lessons(made, [])
    apart = {round((number + 0.5) * len(made) / count) for number in range(count)}
    return Lessons(
        [one for number, one in enumerate(made) if number not in apart],
        [one for number, one in enumerate(made) if number in apart],
    )


def _preset(app: App, draft: Draft, rows: int) -> presets.Preset:
    name = draft.preset or ("" if draft.kind == "pretrain" else str(app.settings.get(settings.PRESET)))
    if not name:
        return presets.choose(rows, is_text=draft.kind == "pretrain")
    if name not in presets.PRESETS:
        raise SettingError(
            _("There is no preset “{name}”.").format(name=name),
            _("There are: {names}.").format(names=", ".join(presets.PRESETS)),
            key="preset",
        )
    return presets.PRESETS[name]


def _settings(app: App, draft: Draft, preset: presets.Preset, lessons: Lessons) -> TrainingSettings:
    chosen = draft.settings or presets.settings_for(
        preset,
        [len(one.ids) for one in lessons.train],
        has_held_out=bool(lessons.held_out),
        threads=int(app.settings.get(settings.THREADS)),
    )
    changes = {name: value for name, value in draft.changes.items() if value is not None}
    changes |= {name: tuple(value) for name, value in changes.items() if isinstance(value, list)}
    if "steps" in changes and not {"look_every", "keep_every"} & changes.keys():
        steps = max(1, int(changes["steps"]))
        changes |= {"look_every": presets.look_every(steps), "keep_every": presets.keep_every(steps)}
    return replace(chosen, **changes)


def _prompts(app: App, draft: Draft, data: Data) -> list[Prompt]:
    """Questions with the messages that ask them: the person's own, else some of the data's."""
    if draft.questions is not None:
        asked = [text.strip() for text in draft.questions if text.strip()]
        return [(text, [{"role": "user", "content": text}]) for text in asked]
    count = int(app.settings.get(settings.ASKED))
    rows = checks.different([*data.held_out, *data.rows], count)
    return [(row.question, [message.as_json() for message in _until_asked(row)]) for row in rows]


def _until_asked(row: Row) -> Sequence[Said]:
    last = max(at for at, one in enumerate(row.messages) if one.role == "user")
    return row.messages[: last + 1]
