from __future__ import annotations

from collections.abc import Iterable

import pytest
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.errors import AppError, StoreError
from teahouse.events import Changed
from teahouse.jobs import Cancel, Job, JobEnded
from teahouse_desktop import operations
from teahouse_desktop.bridge import Bridge
from teahouse_desktop.chat import opening
from teahouse_desktop.conversations import keeping
from teahouse_desktop.operations import Operation
from teahouse_desktop.runner import Runner, in_words

pytestmark = pytest.mark.gui

WAIT_MS = 30_000


def finish(operation: Operation) -> object:
    """The result of an operation, run here."""
    ended = Job(operation.title, operation.work).run(lambda event: None)
    if ended.error is not None:
        raise ended.error
    return ended.result


def start(app: App) -> str:
    return finish(operations.new_conversation(app=app)).id  # type: ignore[attr-defined,no-any-return]


def opened(app: App, conversation_id: str) -> opening.Opened:
    result = finish(opening.open_conversation(app=app, conversation_id=conversation_id))
    assert isinstance(result, opening.Opened)
    return result


def test_nothing_happens_before_an_operation_is_started(app: App) -> None:
    operations.new_conversation(app=app, draft="x")
    assert app.store.conversations() == []


def test_conversation_is_created_renamed_and_listed(app: App) -> None:
    told: list[object] = []
    app.events.listen(told.append)
    made = start(app)
    finish(operations.rename_conversation(app=app, conversation_id=made, title="茶 and cake"))
    assert [c.title for c in finish(keeping.list_all(app=app))] == ["茶 and cake"]  # type: ignore[attr-defined]
    assert [e.conversation_id for e in told if isinstance(e, Changed) and "conversations" in e.kinds] == [
        made
    ] * 2


def test_draft_is_kept(app: App) -> None:
    made = start(app)
    finish(operations.save_draft(app=app, conversation_id=made, text="half a thou"))
    assert opened(app, made).conversation.draft == "half a thou"


def test_question_reply_and_statistics_are_shown(app: App) -> None:
    made = start(app)
    finish(operations.send_message(app=app, conversation_id=made, text="Hello 你好"))
    question, reply = opened(app, made).shown
    assert (question.message.text, reply.message.text) == ("Hello 你好", "Hello 你好")
    assert reply.generation is not None
    assert reply.generation.usage.completion_tokens == len("Hello 你好")
    assert (reply.version, reply.versions) == (1, 1)


def test_answering_again_and_editing_add_versions(app: App) -> None:
    made = start(app)
    finish(operations.send_message(app=app, conversation_id=made, text="one"))
    question, reply = opened(app, made).shown
    finish(operations.regenerate(app=app, message_id=reply.message.id))
    again = opened(app, made).shown[-1]
    assert (again.version, again.versions) == (2, 2)
    finish(operations.edit_message(app=app, message_id=question.message.id, text="two"))
    edited, new_reply = opened(app, made).shown
    assert (edited.message.text, edited.version, edited.versions) == ("two", 2, 2)
    assert (new_reply.message.text, new_reply.versions) == ("two", 1)
    finish(operations.show_version(app=app, message_id=edited.sibling(-1)))
    assert [one.message.text for one in opened(app, made).shown] == ["one", "one"]


def test_second_question_goes_on_from_the_first_reply(app: App) -> None:
    made = start(app)
    for text in ("one", "two"):
        finish(operations.send_message(app=app, conversation_id=made, text=text))
    assert [one.message.text for one in opened(app, made).shown] == ["one", "one", "two", "two"]


def test_long_conversation_shows_its_end_before_the_rest_is_read(app: App) -> None:
    made = start(app)
    for number in range(opening.FIRST + 5):
        parent = app.store.conversation(made).leaf_id
        app.store.add_message(made, "user", str(number), parent_id=parent)
    work = opening.open_conversation(app=app, conversation_id=made).work(Cancel())
    first = next(work)
    assert [one.message.text for one in first.shown] == [str(n) for n in range(opening.FIRST + 5)]
    assert [one.is_bare for one in first.shown] == [True] * 5 + [False] * opening.FIRST
    assert not any(one.is_bare for one in opened(app, made).shown)


def test_what_is_known_is_not_read_again(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    made = start(app)
    for text in ("one", "two"):
        finish(operations.send_message(app=app, conversation_id=made, text=text))
    known = {one.message.id: one for one in opened(app, made).shown[:-1]}
    read: list[str] = []
    siblings_of = app.store.siblings_of

    def note(ids: Iterable[str]) -> dict[str, list[str]]:
        read.extend(asked := list(ids))
        return siblings_of(asked)

    monkeypatch.setattr(app.store, "siblings_of", note)
    again = finish(opening.open_conversation(app=app, conversation_id=made, known=known))
    assert read == [again.shown[-1].message.id]  # type: ignore[attr-defined]
    assert len(again.shown) == 4  # type: ignore[attr-defined]


def test_failed_reply_of_a_model_without_format_offers_one(app: App) -> None:
    made = start(app)
    finish(operations.send_message(app=app, conversation_id=made, text="one"))
    failed = app.store.add_message(made, "assistant", "", state="streaming")
    app.store.finish_message(failed.id, "failed", error=("No template.", ""))
    assert [one.lacks_format for one in opened(app, made).shown] == [False] * 3
    engine = app.engines.get("echo/echo")
    assert engine is not None
    engine.facts["has_template"] = False
    assert [one.lacks_format for one in opened(app, made).shown] == [False, False, True]
    app.settings.set("engine.template", "chatml", "echo/echo")
    assert not opened(app, made).shown[-1].lacks_format


def test_crash_keeps_what_arrived_and_says_why(app: App) -> None:
    made = start(app)
    with pytest.raises(AppError):
        finish(operations.send_message(app=app, conversation_id=made, text="/crash 3 abcdef"))
    reply = opened(app, made).shown[-1]
    assert (reply.message.state, reply.message.text) == ("partial", "abc")
    assert reply.error


def test_models_are_listed_with_the_starter_while_it_is_missing(app: App) -> None:
    models = finish(operations.list_models(app=app))
    assert isinstance(models, operations.ModelList)
    assert "echo/echo" in [model.name for model in models.models]
    assert models.starter is not None and models.starter.key == "starter"
    assert models.default == ""


def test_broken_file_is_listed_with_its_reason(app: App) -> None:
    app.paths.models.mkdir(parents=True)
    (app.paths.models / "broken.gguf").write_bytes(b"not a model at all")
    models = finish(operations.list_models(app=app))
    assert isinstance(models, operations.ModelList)
    [broken] = [model for model in models.models if model.name == "broken"]
    assert broken.problem


def test_model_is_chosen_loaded_and_unloaded(app: App) -> None:
    made = start(app)
    finish(operations.choose_model(app=app, conversation_id=made, name="echo/echo"))
    assert app.store.conversation(made).model == "echo/echo"
    assert app.settings.get("models.default") == "echo/echo"
    finish(operations.load_model(app=app, name="echo/echo"))
    assert app.engines.loaded == ["echo/echo"]
    finish(operations.unload_model(app=app, name="echo/echo"))
    assert app.engines.loaded == []


def test_default_model_that_is_gone_is_no_default(app: App) -> None:
    app.settings.set("models.default", "not-here")
    models = finish(operations.list_models(app=app))
    assert isinstance(models, operations.ModelList)
    assert models.default == ""


@pytest.mark.parametrize(
    ("operation", "key", "value"),
    [(operations.set_theme, "app.theme", "dark"), (operations.set_language, "app.language", "zh_CN")],
)
def test_choices_are_kept(app: App, operation: object, key: str, value: str) -> None:
    finish(operation(app=app, **{key.removeprefix("app."): value}))  # type: ignore[operator]
    assert app.settings.get(key) == value


def test_fetch_refuses_offline(app: App) -> None:
    from teahouse.models import catalogue

    app.settings.set("net.offline", True)
    with pytest.raises(AppError):
        finish(operations.fetch_model(app=app, entry=catalogue.find("starter")))


# --- the runner ---


@pytest.fixture
def runner(app: App, qtbot: QtBot) -> Runner:
    bridge = Bridge(app.events)
    made = Runner(app, bridge)
    made._kept = bridge  # type: ignore[attr-defined]
    return made


def test_runner_brings_results_to_the_window_thread(app: App, runner: Runner, qtbot: QtBot) -> None:
    results: list[object] = []
    runner.start(keeping.list_all(app=app), done=results.append)
    qtbot.waitUntil(lambda: results == [[]], timeout=WAIT_MS)


def test_error_goes_to_whoever_listens(app: App, runner: Runner, qtbot: QtBot) -> None:
    missing = opening.open_conversation(app=app, conversation_id="nowhere")
    ends: list[JobEnded] = []
    runner.start(missing, ended=ends.append)
    qtbot.waitUntil(lambda: len(ends) == 1, timeout=WAIT_MS)
    assert isinstance(ends[0].error, StoreError)
    with qtbot.waitSignal(runner.failed, timeout=WAIT_MS) as failed:
        runner.start(missing, done=lambda _: None)
    text, _hint = in_words(failed.args[0].error)
    assert text
    assert in_words(ValueError("x")) == ("ValueError: x", "")


def test_cancelled_job_has_no_result(app: App, runner: Runner, qtbot: QtBot) -> None:
    made, results, ends = start(app), list[object](), list[JobEnded]()
    app.settings.set("echo.delay_ms", 50)
    send = operations.send_message(app=app, conversation_id=made, text="x" * 500)
    job = runner.start(
        send, done=results.append, ended=ends.append, progressed=lambda _: operations.stop(job)
    )
    qtbot.waitUntil(lambda: len(ends) == 1, timeout=WAIT_MS)
    assert ends[0].is_cancelled
    assert results == []
    assert opened(app, made).shown[-1].message.state == "stopped"


def test_drafts_reach_the_disk_in_the_order_in_which_they_were_typed(app: App, qtbot: QtBot) -> None:
    made = start(app)
    for number in range(50):
        keep = operations.save_draft(app=app, conversation_id=made, text=str(number))
        app.jobs.start(Job(keep.title, keep.work), keep.lane)
    qtbot.waitUntil(lambda: not app.jobs.live, timeout=WAIT_MS)
    assert opened(app, made).conversation.draft == "49"
