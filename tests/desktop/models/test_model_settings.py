from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from teahouse.app import App
from teahouse.engine.devices import Device, Machine
from teahouse.models.library import Model
from teahouse_desktop.models import fitting
from teahouse_desktop.models.fitting import ModelSettings
from teahouse_desktop.models.model_picker import ModelPicker
from teahouse_desktop.models.model_settings import ModelSettingsDialog
from teahouse_desktop.start import Desk
from tests.core.engine.test_estimate import BY_NAME
from tests.desktop.conftest import REPLY_MS
from tests.desktop.test_operations import finish

pytestmark = pytest.mark.gui

GB = 10**9
CARD = Device("CUDA0", "A card", "gpu", 6 * GB, 8 * GB)
ALONE = Machine(free_bytes=16 * GB)
WITH_CARD = Machine((CARD,), 16 * GB, has_gpu_offload=True)


def settings_of(app: App, machine: Machine = ALONE, name: str = "llama-3-8b") -> ModelSettings:
    """The settings of a model of a known family on a simulated machine."""
    read = finish(fitting.read_model_settings(app=app, name="echo/echo"))
    assert isinstance(read, ModelSettings)
    model = Model("A model", "llama", Path("a.gguf"), header=BY_NAME[name].header())
    return replace(read, model=model, machine=machine)


@pytest.fixture
def make(app: App, qtbot: QtBot) -> Callable[[Machine], ModelSettingsDialog]:
    def make_one(machine: Machine = ALONE) -> ModelSettingsDialog:
        made = ModelSettingsDialog(settings_of(app, machine))
        qtbot.addWidget(made)
        return made

    return make_one


Make = Callable[..., ModelSettingsDialog]


def test_form_has_every_setting_of_models_with_a_name(app: App, make: Make) -> None:
    made = make()
    keys = [one.key for one in app.settings.declared if "model" in one.scopes and one.effect == "reload"]
    assert list(made.fields) == keys
    assert "engine.context" in keys and "engine.template" in keys
    assert not [key for key in keys if not key.startswith("engine.")]  # the sampler's have a panel
    assert all(field.widget.accessibleName() for field in made.fields.values())
    assert made.values == {key: app.settings.get(key) for key in keys}


def test_estimate_follows_the_form(make: Make) -> None:
    made = make()
    assert made.verdict.text() == "It fits."
    assert "a context of 8192 tokens" in made.details.text()
    made.fields["engine.context"].set_value(4096)
    assert "a context of 4096 tokens" in made.details.text()


def test_what_does_not_fit_is_said(app: App, qtbot: QtBot) -> None:
    made = ModelSettingsDialog(settings_of(app, Machine(free_bytes=8 * GB), "llama-3.3-70b"))
    qtbot.addWidget(made)
    assert made.verdict.text().startswith("It does not fit")
    assert made.verdict.property("kind") == "danger"


def test_layers_on_the_card_follow_the_form(make: Make) -> None:
    made = make(WITH_CARD)
    assert made.fields["engine.gpu_layers"].widget.isEnabled()
    assert "layers go to CUDA0" in made.details.text()
    made.fields["engine.gpu_layers"].set_value(3)
    assert "3 of 33 layers go to CUDA0" in made.details.text()


def test_without_a_card_its_settings_are_off(make: Make) -> None:
    made = make()
    assert not made.fields["engine.gpu_layers"].widget.isEnabled()
    assert not made.fields["engine.main_device"].widget.isEnabled()
    assert "processor alone" in made.details.text()


def test_context_is_bounded_by_what_the_model_was_trained_on(make: Make) -> None:
    made = make()
    made.fields["engine.context"].set_value(10**6)
    assert made.values["engine.context"] == 8192


def test_a_value_that_is_no_longer_offered_is_kept(make: Make) -> None:
    made = make(WITH_CARD)
    made.fields["engine.main_device"].set_value("CUDA7")
    assert made.values["engine.main_device"] == "CUDA7"


def test_general_values_come_back(make: Make) -> None:
    made = make()
    assert not made.reset.isEnabled()
    made.fields["engine.batch"].set_value(64)
    made.fields["engine.kv_type"].set_value("q8_0")
    made.reset.click()
    assert made.values["engine.batch"] == 256
    assert made.values["engine.kv_type"] == "f16"


def test_words_of_another_language_keep_what_was_set(desk: Desk, make: Make) -> None:
    made = make()
    made.fields["engine.batch"].set_value(64)
    desk.window.choose_language("zh_CN")
    assert made.values["engine.batch"] == 64
    desk.window.choose_language("en")


def test_applied_settings_are_the_model_s_own_and_load_it(app: App, desk: Desk, qtbot: QtBot) -> None:
    desk.window.desks.models.open_settings("echo/echo", "engine.template")
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=REPLY_MS)
    made = QApplication.activeModalWidget()
    assert isinstance(made, ModelSettingsDialog)
    made.fields["engine.context"].set_value(1024)
    made.apply.click()
    qtbot.waitUntil(lambda: app.engines.get("echo/echo") is not None, timeout=REPLY_MS)
    assert app.settings.get("engine.context", "echo/echo") == 1024
    assert app.settings.get("engine.context") == 8192
    engine = app.engines.get("echo/echo")
    assert engine is not None and engine.context_length == 1024
    values = {"engine.context": 8192}
    finish(fitting.change_model_settings(app=app, name="echo/echo", values=values, has_load=False))
    assert not app.settings.is_chosen("engine.context", "echo/echo")


def test_menu_tells_what_the_build_can_use(desk: Desk, qtbot: QtBot) -> None:
    picker: ModelPicker = desk.window.topbar.picker
    picker.show_machine(ALONE)
    assert picker.menu.actions()[-1].text() == "This build computes on the processor only"
    picker.show_machine(Machine(has_gpu_offload=True))
    assert picker.menu.actions()[-1].text() == "No graphics card is seen"
    picker.show_machine(WITH_CARD)
    assert picker.menu.actions()[-1].text().startswith("Graphics: A card")
    assert "CUDA0" in picker.button.toolTip()


def test_menu_opens_the_settings_of_the_model_in_use(desk: Desk, qtbot: QtBot) -> None:
    asked: list[str] = []
    desk.window.topbar.picker.settings_requested.connect(asked.append)
    action = next(a for a in desk.window.topbar.picker.menu.actions() if a.text().startswith("Settings of"))
    action.trigger()
    assert asked == ["echo/echo"]
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None, timeout=REPLY_MS)
    QApplication.activeModalWidget().close()  # type: ignore[union-attr]
