"""What a person can do: one function for each action, returning work that has not started.

Widgets start an `Operation` through a `Runner` and never touch the store, the disk or the engine
themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from teahouse.errors import ModelError
from teahouse.events import Kind, changed
from teahouse.jobs import Cancel, Job, Lane, Work
from teahouse.messages import Attachment, Conversation, File
from teahouse_desktop.language.languages import translate

if TYPE_CHECKING:
    from teahouse.app import App
    from teahouse.models.catalogue import Entry
    from teahouse.models.library import Model


Given = Sequence[File | Attachment]
"""Files of a message: new ones, and ones that an earlier message carries."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Unstarted work.

    Attributes:
        title: What is being done, for errors and lists of jobs.
        lane: `model` for what needs the engine, `io` for disk and network, `drafts` for what must
            reach the disk in the order in which it was typed.
        is_background: Nobody waits for it.
    """

    title: str
    work: Work
    lane: Lane = "io"
    is_background: bool = False


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models there are, which are in memory, and the one a new conversation starts with.

    Attributes:
        starter: The model to begin with; None where it is here.
        kept_bytes: What an earlier download of it has left.
        folder: Where models lie; None where nobody has asked.
        problem: Why none can be listed, in words.
    """

    models: tuple[Model, ...]
    loaded: tuple[str, ...]
    default: str
    starter: Entry | None
    kept_bytes: int = 0
    folder: Path | None = None
    problem: str = ""


# --- conversations ----------------------------------------------------------------------------------


def new_conversation(
    *, app: App, draft: str = "", system_prompt: str = "", settings: Mapping[str, Any] = MappingProxyType({})
) -> Operation:
    """Start an empty conversation; the result is the `Conversation`."""

    def create() -> Conversation:
        made = app.store.create_conversation(system_prompt=system_prompt)
        if draft or settings:
            made = app.store.change_conversation(made.id, draft=draft, settings=dict(settings))
        tell(app, "conversations", made.id)
        return made

    return quick(translate("Operations", "Starting a conversation"), create)


def rename_conversation(*, app: App, conversation_id: str, title: str) -> Operation:
    """Give a conversation another title."""

    def rename() -> Conversation:
        renamed = app.store.change_conversation(conversation_id, title=title)
        tell(app, "conversations", conversation_id)
        return renamed

    return quick(translate("Operations", "Renaming the conversation"), rename)


def save_draft(*, app: App, conversation_id: str, text: str) -> Operation:
    """Keep what has been typed and not sent."""
    keep = quick(
        translate("Operations", "Keeping the draft"),
        lambda: app.store.change_conversation(conversation_id, draft=text),
    )
    return replace(keep, lane="drafts")


# --- messages ---------------------------------------------------------------------------------------


def send_message(*, app: App, conversation_id: str, text: str, files: Given = ()) -> Operation:
    """Save the text with its files at the end of the conversation and let the model answer."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.turn import TurnRequest, take_turn

        request = TurnRequest(conversation_id, text, attachments=tuple(files))
        return (yield from take_turn(app, request)(cancel))

    return Operation(translate("Operations", "Answering"), work, "model")


def edit_message(*, app: App, message_id: str, text: str, files: Given | None = None) -> Operation:
    """Save the text as another version of a person's message and let the model answer it.

    Args:
        files: What the new version carries; None for what the old one does.
    """

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.attachments import attachments_of
        from teahouse.chat.turn import ROOT, TurnRequest, take_turn

        old = app.store.message(message_id)
        carried = tuple(attachments_of(old) if files is None else files)
        request = TurnRequest(old.conversation_id, text, parent_id=old.parent_id or ROOT, attachments=carried)
        return (yield from take_turn(app, request)(cancel))

    return Operation(translate("Operations", "Answering"), work, "model")


def regenerate(*, app: App, message_id: str) -> Operation:
    """Let the model answer again; the new reply becomes another version of this one."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.turn import ROOT, TurnRequest, take_turn

        old = app.store.message(message_id)
        request = TurnRequest(old.conversation_id, parent_id=old.parent_id or ROOT)
        return (yield from take_turn(app, request)(cancel))

    return Operation(translate("Operations", "Answering again"), work, "model")


def go_on(*, app: App, message_id: str) -> Operation:
    """Let the model go on with a reply where it ended, as another version of it."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        from teahouse.chat.turn import TurnRequest, take_turn

        old = app.store.message(message_id)
        return (yield from take_turn(app, TurnRequest(old.conversation_id, continues=message_id))(cancel))

    return Operation(translate("Operations", "Answering"), work, "model")


def stop(job: Job) -> None:
    """Stop a running job at once; what it has written is kept."""
    job.cancel.set()


def force_stop(job: Job) -> None:
    """Stop a running job and end the engine's child process with it; what has arrived is kept."""
    job.cancel.force()


def forget_ended(*, app: App) -> Operation:
    """Tell of models whose process was ended."""

    def work(cancel: Cancel) -> Generator[Any, None, None]:
        app.engines.forget_ended()
        yield from ()

    title = translate("Operations", "Looking for models")
    return Operation(title, work, "model", is_background=True)


def show_version(*, app: App, message_id: str) -> Operation:
    """Show another version of a message and what follows it."""

    def show() -> None:
        app.store.show_version(message_id)
        tell(app, "messages", app.store.message(message_id).conversation_id)

    return quick(translate("Operations", "Showing another version"), show)


# --- models -----------------------------------------------------------------------------------------


def list_models(*, app: App) -> Operation:
    """Read which models there are; the result is a `ModelList`."""

    def read() -> ModelList:
        from teahouse.models import catalogue
        from teahouse.models.kept import kept_bytes

        starter, loaded, folder = catalogue.find("starter"), tuple(app.engines.loaded), app.paths.models
        try:
            models = tuple(model for model in app.models.list() if model.can_chat)
        except ModelError as error:
            return ModelList((), loaded, "", starter, folder=folder, problem=str(error))
        files = {model.path.name for model in models if model.path and not model.problem}
        if starter.file in files:
            return ModelList(models, loaded, _default_model(app), None, folder=folder)
        kept = kept_bytes(folder, starter)
        return ModelList(models, loaded, _default_model(app), starter, kept, folder)

    return quick(translate("Operations", "Looking for models"), read)


def choose_model(*, app: App, conversation_id: str, name: str) -> Operation:
    """Use a model in this conversation and in new ones."""

    def choose() -> None:
        if conversation_id:
            app.store.change_conversation(conversation_id, model=name)
        app.settings.set("models.default", name)
        tell(app, "models", conversation_id)

    return quick(translate("Operations", "Choosing the model"), choose)


def load_model(*, app: App, name: str) -> Operation:
    """Bring a model into memory; yields how far it is."""
    return Operation(translate("Operations", "Loading the model"), app.engines.load(name), "model")


def unload_model(*, app: App, name: str) -> Operation:
    """Free a model's memory."""

    def work(cancel: Cancel) -> Generator[Any, None, None]:
        app.engines.unload(name)
        yield from ()

    return Operation(translate("Operations", "Unloading the model"), work, "model")


def fetch_model(*, app: App, entry: Entry) -> Operation:
    """Download a model of the catalogue; yields `DownloadProgress`, returns its path."""

    def work(cancel: Cancel) -> Generator[Any, None, Path]:
        from teahouse.models.download import fetch
        from teahouse.models.folder import check_there

        check_there(app.paths)
        path: Path = yield from fetch(entry, folder=app.paths.models, net=app.net)(cancel)
        tell(app, "models")
        return path

    return Operation(translate("Operations", "Getting a model"), work)


# --- the app ----------------------------------------------------------------------------------------


def list_problems(*, app: App) -> Operation:
    """What was found wrong before the window listened: sentences about settings and plugins."""

    def read() -> list[str]:
        text = translate("Operations", "The plugin {name} {what}.")
        broken = [text.format(name=i.name, what=i.error) for i in app.plugins.infos() if i.error]
        return [*app.settings.problems, *broken]

    return quick(translate("Operations", "Looking for problems"), read)


def set_theme(*, app: App, theme: str) -> Operation:
    """Keep the chosen theme: `light`, `dark` or `system`."""
    return _set(app, "app.theme", theme, translate("Operations", "Keeping the theme"))


def set_language(*, app: App, language: str) -> Operation:
    """Keep the chosen language: `en`, `zh_CN` or `system`."""
    return _set(app, "app.language", language, translate("Operations", "Keeping the language"))


# --- inside -----------------------------------------------------------------------------------------


def _set(app: App, key: str, value: str, title: str) -> Operation:
    def choose() -> None:
        app.settings.set(key, value)
        tell(app, "settings")

    return quick(title, choose)


def quick(title: str, call: Callable[[], Any]) -> Operation:
    """An operation that yields nothing and returns what `call` does."""

    def work(cancel: Cancel) -> Generator[Any, None, Any]:
        yield from ()
        return call()

    return Operation(title, work)


def tell(app: App, kind: Kind, conversation_id: str = "") -> None:
    """Publish that something has changed."""
    app.events.publish(changed(kind, conversation_id=conversation_id))


def _default_model(app: App) -> str:
    """The name behind `models.default`, which may also be a catalogue key or a path; empty for none."""
    try:
        return app.models.find(name).name if (name := str(app.settings.get("models.default"))) else ""
    except ModelError:
        return ""
