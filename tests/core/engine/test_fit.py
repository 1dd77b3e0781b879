"""Where models go: 30 headers on simulated tables of devices (not run on a GPU); failures.md row 8."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.engine.cache import limit_bytes
from teahouse.engine.configuration import EngineConfig
from teahouse.engine.devices import Device, Kind
from teahouse.engine.estimate import estimate
from teahouse.engine.fit import Plan, describe, least_context, plan
from teahouse.models.library import Model
from teahouse.settings import Settings
from tests.core.engine.families import FAMILIES, Family

GB = 1_000_000_000
BY_NAME = {family.name: family for family in FAMILIES}


def card(free_gb: float, name: str = "CUDA0", kind: Kind = "gpu") -> Device:
    return Device(name, "Simulated", kind, int(free_gb * GB), int(free_gb * 1.1 * GB))


TABLES: dict[str, list[Device]] = {
    "none": [],
    "2": [card(2)],
    "4": [card(4)],
    "8": [card(8)],
    "12": [card(12)],
    "24": [card(24)],
    "80": [card(80)],
    "8+24": [card(8), card(24, "CUDA1")],
    "24+8": [card(24), card(8, "CUDA1")],
    "4×6": [card(6, f"Vulkan{number}") for number in range(4)],
    "shared 16": [card(16, "Vulkan0", "igpu")],
}


def planned(family: Family | str, cards: list[Device], free_gb: float = 1000, **values: object) -> Plan:
    family = BY_NAME[family] if isinstance(family, str) else family
    config = EngineConfig(**values)  # type: ignore[arg-type]
    return plan(family.header(), config, cards, int(free_gb * GB))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_what_is_planned_fits_every_card(family: Family, table: str) -> None:
    found = planned(family, TABLES[table])
    by_name = {device.name: device for device in TABLES[table]}
    assert found.gpu_layers == sum(found.config.split) == found.config.gpu_layers
    assert 0 <= found.gpu_layers <= found.all_layers == family.layers + 1
    again = estimate(family.header(), found.config, share=found.config.split)
    assert again == found.estimate
    for name, size in zip(found.config.devices, again.devices, strict=True):
        assert size < by_name[name].free_bytes
    if (
        found.gpu_layers < found.all_layers and len(TABLES[table]) == 1
    ):  # one layer more would not have fitted
        more = estimate(family.header(), found.config, share=(found.gpu_layers + 1,))
        assert more.devices[0] > TABLES[table][0].free_bytes * 15 // 16 - (256 << 20)


@pytest.mark.parametrize(
    ("name", "table", "is_whole"),
    [
        ("qwen2.5-0.5b", "2", True),
        ("llama-3-8b", "4", False),
        ("llama-3-8b", "8", True),
        ("qwen2.5-32b", "24", True),
        ("llama-3.3-70b", "24", False),
        ("llama-3.3-70b", "80", True),
        ("qwen2.5-32b", "8+24", True),
        ("qwen2.5-32b", "4×6", False),
        ("mixtral-8x7b", "24", False),
    ],
)
def test_published_models_go_where_people_run_them(name: str, table: str, is_whole: bool) -> None:
    found = planned(name, TABLES[table])
    assert (found.gpu_layers == found.all_layers) is is_whole
    assert found.gpu_layers > 0


def test_without_a_card_everything_is_on_the_processor() -> None:
    found = planned("qwen2.5-7b", [])
    assert (found.gpu_layers, found.config.devices, found.reasons) == (0, (), ())
    assert found.estimate.devices == ()


def test_a_helper_of_the_processor_holds_no_layers() -> None:
    found = planned("qwen2.5-0.5b", [Device("AMX", "", "accel", 64 * GB, 64 * GB), card(64, "CPU", "cpu")])
    assert found.gpu_layers == 0


def test_the_larger_card_is_filled_first_and_has_the_output() -> None:
    for table in ("8+24", "24+8"):
        found = planned("llama-3-8b", TABLES[table])
        assert len(found.config.devices) == 1
        assert found.config.devices[0] == max(TABLES[table], key=lambda device: device.free_bytes).name
    both = planned("qwen2.5-32b", [card(8), card(16, "CUDA1")])
    assert both.config.devices == ("CUDA0", "CUDA1")
    assert both.config.split[1] > both.config.split[0] > 0


def test_the_main_device_is_the_only_one() -> None:
    found = planned("qwen2.5-32b", TABLES["8+24"], main_device="CUDA0")
    assert found.config.devices == ("CUDA0",)
    assert 0 < found.gpu_layers < found.all_layers


def test_a_device_that_is_not_there_is_told_and_the_others_are_used() -> None:
    found = planned("llama-3-8b", TABLES["24"], main_device="CUDA7")
    assert found.gpu_layers == found.all_layers
    [reason] = found.reasons
    assert "CUDA7" in reason
    assert "CUDA0" in reason


def test_a_device_that_is_not_there_is_told_where_there_is_no_card_at_all() -> None:
    assert planned("llama-3-8b", [], main_device="CUDA7").reasons == (
        "The device CUDA7 is not there; the processor is used.",
    )
    assert planned("llama-3-8b", [], main_device="CUDA7", gpu_layers=0).reasons == ()
    assert planned("llama-3-8b", []).reasons == ()


def test_layers_that_a_person_asked_for_are_tried_whatever_the_estimate_says() -> None:
    assert planned("llama-3-8b", TABLES["24"], gpu_layers=5).gpu_layers == 5
    assert planned("llama-3-8b", TABLES["2"], gpu_layers=30).config.split == (30,)
    assert planned("llama-3-8b", TABLES["2"], gpu_layers=1000).gpu_layers == 33
    assert planned("llama-3-8b", TABLES["24"], gpu_layers=0).gpu_layers == 0


def test_no_more_layers_than_worked_before() -> None:
    header = BY_NAME["llama-3-8b"].header()
    assert plan(header, EngineConfig(), TABLES["24"], None, most_layers=16).gpu_layers == 16
    assert plan(header, EngineConfig(), TABLES["2"], None, most_layers=16).gpu_layers < 16


# --- states of what was read --------------------------------------------------------------------------


def test_states_get_their_limit_where_there_is_room() -> None:
    assert planned("llama-3-8b", [], 1000).config.states_bytes == limit_bytes()
    assert plan(BY_NAME["llama-3-8b"].header(), EngineConfig(), [], None).estimate.states == limit_bytes()


@given(family=st.sampled_from(FAMILIES), free_gb=st.floats(0.2, 64))
@hypothesis_settings(max_examples=60, deadline=None, database=None)
def test_states_never_take_what_is_not_free_and_nothing_shrinks_for_them(
    family: Family, free_gb: float
) -> None:
    found = planned(family, [], free_gb)
    assert found.config.states_bytes == found.estimate.states >= 0
    if not found.shortage_bytes:
        assert found.estimate.host + found.estimate.states <= free_gb * GB
    if found.config.context < min(8192, family.header().context_length):
        wanted = replace(found.config, context=found.config.context * 2, kv_type="f16", batch=256)
        assert estimate(family.header(), wanted).host > free_gb * GB * 15 // 16


def test_a_report_tells_what_states_may_take(settings: Settings) -> None:
    roomy = describe(model("llama-3-8b"), settings, free_memory_bytes=64 * GB)
    assert f"may take up to {limit_bytes() / 1e9:.1f} GB more" in roomy.text
    assert roomy.plan is not None
    tight = roomy.plan.estimate.host * 16 // 15 + 1_000_000
    assert "more." not in describe(model("llama-3-8b"), settings, free_memory_bytes=tight).text


# --- short of memory ------------------------------------------------------------------------------


def test_a_short_machine_gets_a_shorter_context_and_is_told() -> None:
    found = planned("llama-2-7b", [], 6.0, context=4096)
    assert found.config.context < 4096
    assert found.shortage_bytes == 0
    [reason] = found.reasons
    assert str(found.config.context) in reason
    assert "4096" in reason


def test_a_chosen_context_stays_and_the_cache_gets_smaller() -> None:
    header = BY_NAME["llama-2-7b"].header()
    found = plan(header, EngineConfig(context=4096), [], int(6.0 * GB), least_context=4096)
    assert (found.config.context, found.config.kv_type) == (4096, "q8_0")
    assert "q8_0" in found.reasons[0]


def test_what_does_not_fit_at_all_says_how_much_is_missing() -> None:
    found = planned("llama-3.3-70b", [], 8)
    assert found.shortage_bytes > 30 * GB
    assert (found.config.context, found.config.kv_type, found.config.batch) == (1024, "q8_0", 64)


def test_a_card_that_shares_memory_takes_from_the_machine() -> None:
    shared, own = ([card(16, "Vulkan0", "igpu")], [card(16)])
    assert planned("llama-3-8b", shared, 5).shortage_bytes or planned("llama-3-8b", shared, 5).reasons
    assert not planned("llama-3-8b", own, 5).reasons


def test_where_free_memory_cannot_be_known_nothing_is_reduced() -> None:
    found = plan(BY_NAME["llama-3.3-70b"].header(), EngineConfig(), [], None)
    assert (found.reasons, found.shortage_bytes, found.config.context) == ((), 0, 8192)


# --- more never gives less ------------------------------------------------------------------------

FREE = st.lists(st.floats(0, 40), max_size=4)


@given(family=st.sampled_from(FAMILIES), free=FREE, which=st.integers(0, 3), more=st.floats(0, 40))
@hypothesis_settings(max_examples=150, deadline=None, database=None)
def test_more_memory_on_a_card_never_gives_fewer_layers(
    family: Family, free: list[float], which: int, more: float
) -> None:
    cards = [card(size, f"CUDA{number}") for number, size in enumerate(free)]
    larger = [
        replace(c, free_bytes=c.free_bytes + int(more * GB)) if number == which else c
        for number, c in enumerate(cards)
    ]
    assert planned(family, larger).gpu_layers >= planned(family, cards).gpu_layers
    assert planned(family, [*cards, card(more, "new")]).gpu_layers >= planned(family, cards).gpu_layers


@given(
    family=st.sampled_from(FAMILIES), free=st.floats(0.1, 80), more=st.floats(0, 80), card_gb=st.floats(0, 30)
)
@hypothesis_settings(max_examples=100, deadline=None, database=None)
def test_more_memory_of_the_machine_never_gives_a_shorter_context(
    family: Family, free: float, more: float, card_gb: float
) -> None:
    less, greater = (planned(family, [card(card_gb)], size) for size in (free, free + more))
    assert greater.config.context >= less.config.context
    assert greater.config.batch >= less.config.batch
    assert greater.gpu_layers == less.gpu_layers
    assert greater.shortage_bytes <= less.shortage_bytes


@given(family=st.sampled_from(FAMILIES), context=st.integers(256, 65_536), card_gb=st.floats(0, 30))
@hypothesis_settings(max_examples=100, deadline=None, database=None)
def test_a_longer_context_never_gets_more_layers(family: Family, context: int, card_gb: float) -> None:
    short, long = (planned(family, [card(card_gb)], context=size) for size in (context, context * 2))
    assert long.gpu_layers <= short.gpu_layers


# --- in words -------------------------------------------------------------------------------------


@pytest.fixture
def settings(home: Path) -> Settings:
    return Settings(home / "settings.toml")


def model(name: str) -> Model:
    return Model("A model", "llama", Path("a.gguf"), header=BY_NAME[name].header())


def test_a_report_names_what_is_taken_and_where_it_goes(settings: Settings) -> None:
    report = describe(model("llama-3-8b"), settings, TABLES["8"], free_memory_bytes=16 * GB)
    assert report.will_fit is True
    assert "All 33 layers go to CUDA0" in report.text
    assert "8192 tokens" in report.text
    partly = describe(model("llama-3-8b"), settings, TABLES["4"], free_memory_bytes=16 * GB)
    assert "of 33 layers go to CUDA0" in partly.text
    assert "processor" in describe(model("llama-3-8b"), settings).text


def test_a_report_says_that_it_will_not_fit(settings: Settings) -> None:
    report = describe(model("llama-3.3-70b"), settings, free_memory_bytes=8 * GB)
    assert report.will_fit is False
    assert "not enough memory" in report.text


def test_a_report_without_a_header_or_free_memory_leaves_it_open(settings: Settings) -> None:
    assert describe(Model("echo/echo", "echo"), settings).will_fit is None
    assert describe(model("llama-3-8b"), settings).will_fit is None


def test_a_model_s_own_settings_count(settings: Settings) -> None:
    settings.set("engine.context", 1024, model="A model")
    settings.set("engine.gpu_layers", 3, model="A model")
    report = describe(model("llama-3-8b"), settings, TABLES["24"], free_memory_bytes=16 * GB)
    assert report.plan is not None
    assert (report.plan.config.context, report.plan.gpu_layers) == (1024, 3)
    assert least_context(settings, "A model") == 1024
    settings.set("engine.context", 4096)
    assert least_context(settings, "another") == 4096
    settings.reset("engine.context")
    assert least_context(settings, "another") == 1024
