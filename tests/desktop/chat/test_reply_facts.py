"""Everything that is stored of how a reply was made: the line below it, and its window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse import language
from teahouse.app import App
from teahouse.messages import Generation, Timings, Usage
from teahouse_desktop.chat.reply_facts import facts_of
from teahouse_desktop.chat.reply_facts_dialog import ReplyFactsDialog
from teahouse_desktop.language.languages import Languages
from teahouse_desktop.start import Desk
from teahouse_desktop.transcript.footer import more_actions_of
from teahouse_desktop.transcript.words import describe_generation
from tests.desktop.samples import generation, shown

Ask = Callable[[str], None]


def facts(made: Generation | None) -> dict[str, str]:
    return dict(facts_of(shown(1, "assistant", "text", generation=made)))


def test_the_line_names_model_and_adapters_last() -> None:
    made = generation(model="Tea 0.5B", adapters=(("abcdef0123456789", 0.8),))
    line = describe_generation(shown(1, "assistant", "text", generation=made))
    assert line.endswith("120 of 300 prompt tokens reused · Tea 0.5B · adapter abcdef01 × 0.8")
    named = replace(made, engine={"adapters": ["captain 茶"]})
    line = describe_generation(shown(1, "assistant", "text", generation=named))
    assert line.endswith("adapter captain 茶 × 0.8")
    changes = [{"place": 11, "adapters": [["fedcba9876543210", 1.2]], "names": []}]
    changed = replace(made, engine={"adapters": ["captain 茶"], "adapter_changes": changes})
    line = describe_generation(shown(1, "assistant", "text", generation=changed))
    assert line.endswith("adapter captain 茶 × 0.8 · adapters changed while it was written")
    told = facts(changed)
    assert told["Adapters"] == "adapter captain 茶 × 0.8"
    assert told["Adapters from token 12 on"] == "adapter fedcba98 × 1.2"
    assert not any("adapter_changes" in name for name in told)
    begun = replace(made, engine={"branch": {"kept": 3}, "picked": [3]})
    assert not [name for name in facts(begun) if "branch" in name or "picked" in name]


def test_facts_are_what_is_stored() -> None:
    made = generation(
        model_hash="0123456789abcdef0123",
        sampling={"top_k": 40, "temperature": 0.7, "seed": 5},
        seed=5,
        engine={"context": 4096, "use_extra_buffers": True, "begun": 7, "system": ""},
        timings=Timings(1.25, 0.42, 100.0, 18.24, 3.0),
    )
    told = facts(made)
    assert told["File (hash)"] == "0123456789abcdef"
    assert (told["Prompt tokens"], told["Prompt tokens reused"]) == ("300", "120")
    assert (told["Tokens written"], told["Tokens kept of the reply before"]) == ("142", "7")
    assert (told["Writing speed"], told["Reading speed"]) == ("18.2 tokens/s", "100.0 tokens/s")
    assert (told["Loading the model"], told["Thinking"]) == ("1.25 s", "3.00 s")
    assert told["Ended because"] == "the model was done"
    assert told["Adapters"] == "none"
    assert (told["Engine: context"], told["Engine: use_extra_buffers"]) == ("4096", "yes")
    names = list(told)
    assert names.index("Sampler: top_k") < names.index("Sampler: temperature") < names.index("Seed")
    assert told["Seed"] == "5"
    assert not {"Engine: begun", "Engine: system", "Sampler: seed"} & told.keys()


def test_what_was_not_measured_is_not_shown() -> None:
    told = facts(generation(timings=Timings()))
    assert not {"Writing speed", "Reading speed", "First token after", "Loading the model"} & told.keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"finish_reason": "stopped"}, "it was stopped"),
        ({"finish_reason": "error"}, "it broke off"),
        ({"finish_reason": "length"}, "it reached the longest reply"),
        ({"finish_reason": "length", "engine": {"context": 442}}, "the context was full"),
    ],
)
def test_the_reason_of_the_end(changes: dict[str, object], said: str) -> None:
    assert facts(generation(usage=Usage(300, 0, 142), **changes))["Ended because"] == said


def test_a_message_that_no_model_made_has_no_facts(desk: Desk, ask: Ask) -> None:
    assert facts_of(shown(0, "user", "Hello")) == []
    ask("Hello")
    question, reply = desk.window.chat.transcript.column.items
    assert "facts" not in more_actions_of(question, can_ask=True)
    assert "facts" in more_actions_of(reply, can_ask=True)


def test_the_window_shows_and_copies_them(app: App, desk: Desk, qtbot: QtBot, ask: Ask) -> None:
    ask("Hello")
    reply = desk.window.chat.transcript.column.items[-1].shown
    desk.window.chat.transcript.action_requested.emit("facts", reply.message.id)
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ReplyFactsDialog))
    rows = [dialog.list.topLevelItem(n) for n in range(dialog.list.topLevelItemCount())]
    assert ("Model", "echo/echo") in [(row.text(0), row.text(1)) for row in rows if row]
    dialog.copy.click()
    assert f"Seed\t{app.store.generation(reply.message.id).seed}\n" in QGuiApplication.clipboard().text()  # type: ignore[union-attr]
    dialog.close()


def test_the_window_speaks_another_language(desk: Desk, qtbot: QtBot) -> None:
    dialog = ReplyFactsDialog(shown(1, "assistant", "text", generation=generation()))
    qtbot.addWidget(dialog)
    languages = desk.languages
    assert isinstance(languages, Languages)
    languages.use("zh_CN")
    assert language.active() == "zh_CN"
    qtbot.waitUntil(lambda: dialog.windowTitle() != "How this reply was made", timeout=2000)
    assert dialog.list.topLevelItem(0).text(0) == "模型"  # type: ignore[union-attr]
