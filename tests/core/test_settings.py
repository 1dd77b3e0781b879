"""Settings: declared once, checked always, the file keeps what differs."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from teahouse.engine import formats
from teahouse.errors import SettingError
from teahouse.settings import CORE_SETTINGS, Setting, Settings

FLAG = Setting("t.flag", bool, False, "Flag")
COUNT = Setting("t.count", int, 3, "Count", limits=(0, 10))
SHARE = Setting("t.share", float, 0.5, "Share", limits=(0.0, 1.0))
WORD = Setting("t.word", str, "a", "Word", limits=("a", "b"))
FREE = Setting("t.free", str, "", "Free")
BOTH = Setting("t.both", int, 8, "Both", limits=(0, 100), scopes=frozenset({"app", "model"}))
OWN = Setting("t.own", str, "", "Own", scopes=frozenset({"model"}))
MODEL = "Qwen 2.5 “Coder” 0.5B/茶.Q4"


@pytest.fixture
def file(home: Path) -> Path:
    return home / "config" / "settings.toml"


@pytest.fixture
def settings(file: Path) -> Settings:
    return Settings(file, [FLAG, COUNT, SHARE, WORD, FREE])


def on_disk(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text("utf-8"))


def write(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


# --- one declared value ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "value"),
    [(FLAG, True), (COUNT, 0), (COUNT, 10), (SHARE, 0.25), (SHARE, 1), (WORD, "b"), (FREE, "茶馆 😀")],
)
def test_an_allowed_value_is_given_in_the_setting_s_type(setting: Setting, value: object) -> None:
    checked = setting.check(value)
    assert checked == value
    assert type(checked) is setting.type


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (FLAG, 1), (FLAG, "true"), (FLAG, None), (COUNT, True), (COUNT, 2.0), (COUNT, "3"), (COUNT, 11),
        (COUNT, -1), (SHARE, True), (SHARE, 1.01), (SHARE, float("nan")), (SHARE, float("inf")),
        (SHARE, "0.5"), (WORD, "c"), (WORD, 1), (WORD, ""), (FREE, None), (FREE, b"x"), (FREE, ["x"]),
    ],
)  # fmt: skip
def test_another_type_or_range_is_refused_by_name(setting: Setting, value: object) -> None:
    with pytest.raises(SettingError) as caught:
        setting.check(value)
    assert setting.key in caught.value.text
    assert caught.value.hint
    assert caught.value.data["key"] == setting.key


def test_the_refusal_says_what_is_allowed() -> None:
    with pytest.raises(SettingError, match=r"between 0 and 10"):
        COUNT.check(11)
    with pytest.raises(SettingError, match=r"a, b"):
        WORD.check("c")
    with pytest.raises(SettingError, match=r"int"):
        COUNT.check("x")


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (FLAG, "true", True), (FLAG, "No", False), (FLAG, "1", True), (COUNT, "7", 7), (SHARE, "0.25", 0.25),
        (SHARE, "1", 1.0), (WORD, "b", "b"), (FREE, "", ""),
    ],
)  # fmt: skip
def test_typed_text_becomes_a_value(setting: Setting, text: str, value: object) -> None:
    assert setting.parse(text) == value
    assert type(setting.parse(text)) is setting.type


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        (FLAG, "maybe"), (COUNT, "x"), (COUNT, "2.5"), (COUNT, "11"), (COUNT, ""),
        (SHARE, "nan"), (SHARE, "2"), (WORD, "c"),
    ],
)  # fmt: skip
def test_text_that_is_no_value_is_refused(setting: Setting, text: str) -> None:
    with pytest.raises(SettingError, match=setting.key):
        setting.parse(text)


@given(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.integers())
    )
)
@hypothesis_settings(max_examples=200, deadline=None, database=None)
def test_any_object_is_either_allowed_or_a_setting_error(value: object) -> None:
    for setting in (FLAG, COUNT, SHARE, WORD, FREE):
        try:
            checked = setting.check(value)
        except SettingError:
            continue
        assert type(checked) is setting.type


# --- the file -------------------------------------------------------------------------------------


def test_without_a_file_everything_has_its_default(settings: Settings, file: Path) -> None:
    assert settings.get("t.count") == 3
    assert settings.problems == []
    assert not file.exists()


def test_the_file_keeps_only_what_differs(settings: Settings, file: Path) -> None:
    settings.set("t.count", 5)
    settings.set("t.word", "a")
    assert on_disk(file) == {"t": {"count": 5}}
    settings.set("t.count", 3)
    assert on_disk(file) == {}


def test_a_value_outlives_the_program(settings: Settings, file: Path) -> None:
    settings.set("t.free", 'quotes " and \\ and\nlines and 茶馆 😀')
    settings.set("t.share", 0.1)
    again = Settings(file, [SHARE, FREE])
    assert again.get("t.free") == 'quotes " and \\ and\nlines and 茶馆 😀'
    assert again.get("t.share") == 0.1
    assert again.problems == []


def test_a_refused_value_changes_nothing(settings: Settings, file: Path) -> None:
    settings.set("t.count", 5)
    before = file.read_bytes()
    with pytest.raises(SettingError):
        settings.set("t.count", 50)
    assert settings.get("t.count") == 5
    assert file.read_bytes() == before


def test_an_unknown_key_is_an_error_by_name(settings: Settings) -> None:
    with pytest.raises(SettingError, match=r"t\.nothing"):
        settings.get("t.nothing")
    with pytest.raises(SettingError, match=r"t\.nothing"):
        settings.set("t.nothing", 1)


BROKEN = [b"not toml [[[", b"\xff\xfe\x00", b"a = ", b"[t]\ncount = 1\n[t]\n", b"\x00" * 64]


@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_file_is_set_aside_whole_and_told(file: Path, content: bytes) -> None:
    write(file, content)
    settings = Settings(file, [COUNT])
    assert settings.get("t.count") == 3
    [problem] = settings.problems
    assert str(file) in problem
    [aside] = [path for path in file.parent.iterdir() if path != file]
    assert str(aside) in problem
    assert aside.read_bytes() == content
    settings.set("t.count", 4)
    assert aside.read_bytes() == content


def test_a_peek_leaves_a_broken_file_for_the_app(file: Path) -> None:
    write(file, BROKEN[0])
    peek = Settings(file, [COUNT], is_peek=True)
    assert peek.get("t.count") == 3
    assert file.read_bytes() == BROKEN[0]
    assert Settings(file, [COUNT]).problems


def test_a_second_broken_file_does_not_overwrite_the_first(file: Path) -> None:
    for content in BROKEN[:3]:
        write(file, content)
        Settings(file, [COUNT])
    kept = {path.read_bytes() for path in file.parent.iterdir()}
    assert kept == set(BROKEN[:3])


def test_a_folder_in_the_file_s_place_is_told_and_left_alone(file: Path) -> None:
    file.mkdir(parents=True)
    settings = Settings(file, [COUNT])
    assert settings.get("t.count") == 3
    assert str(file) in settings.problems[0]
    assert file.is_dir()


def test_a_value_that_is_no_longer_allowed_is_ignored_kept_and_told(file: Path) -> None:
    write(file, '[t]\ncount = 99\nword = "b"\n')
    settings = Settings(file, [COUNT, WORD])
    assert settings.problems
    assert "t.count" in settings.problems[0]
    assert settings.get("t.count") == 3
    assert settings.get("t.count") == 3
    assert settings.get("t.word") == "b"
    assert len(settings.problems) == 1
    settings.set("t.word", "a")
    assert on_disk(file) == {"t": {"count": 99}}


@pytest.mark.parametrize("text", ["stray = 1\n[t]\ncount = 4\n", "[t.deep.er]\nx = 1\n[t]\ncount = 4\n"])
def test_what_we_do_not_know_stays_in_the_file(file: Path, text: str) -> None:
    """A plugin that is not installed now, a newer version's settings, a key outside any table."""
    write(file, text)
    settings = Settings(file, [COUNT, WORD])
    assert settings.get("t.count") == 4
    settings.set("t.word", "b")
    kept = flatten(on_disk(file))
    assert kept.items() > flatten(tomllib.loads(text)).items()
    assert Settings(file, [COUNT, WORD]).get("t.word") == "b"


def test_values_of_foreign_types_are_kept_too(file: Path) -> None:
    text = '[t]\ncount = 4\n[other]\nwhen = 2024-01-01\nlist = ["a", 1]\n'
    write(file, text)
    Settings(file, [COUNT, WORD]).set("t.word", "b")
    assert on_disk(file)["other"] == tomllib.loads(text)["other"]


def test_an_interrupted_write_leaves_the_old_file(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.set("t.count", 5)
    before = file.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SettingError, match="No space left") as caught:
        settings.set("t.count", 6)
    assert str(file) in caught.value.text
    assert file.read_bytes() == before
    assert settings.get("t.count") == 6


def test_threads_lose_no_value(file: Path) -> None:
    declared = [Setting(f"t.n{number}", int, 0, "N") for number in range(8)]
    settings = Settings(file, declared)
    threads = [threading.Thread(target=settings.set, args=(s.key, 1)) for s in declared]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert on_disk(file) == {"t": {f"n{number}": 1 for number in range(8)}}


# --- plugins --------------------------------------------------------------------------------------


def test_a_plugin_declares_settings_under_its_own_name(settings: Settings) -> None:
    settings.declare([Setting("p.x", int, 1, "X")], owner="p")
    settings.set("p.x", 2)
    assert settings.get("p.x") == 2
    assert [s.key for s in settings.declared][-1] == "p.x"


@pytest.mark.parametrize("key", ["t.count", "t.new", "px.x", "x", "p"])
def test_a_plugin_cannot_declare_another_s_key(settings: Settings, key: str) -> None:
    with pytest.raises(SettingError, match=f"p.*{key}"):
        settings.declare([Setting(key, int, 1, "X")], owner="p")


def test_a_key_cannot_be_declared_twice(settings: Settings) -> None:
    settings.declare([Setting("p.x", int, 1, "X")], owner="p")
    with pytest.raises(SettingError):
        settings.declare([Setting("p.x", int, 2, "X")], owner="p")
    assert settings.get("p.x") == 1


def test_a_plugin_s_value_waits_in_the_file_until_the_plugin_is_there(file: Path) -> None:
    write(file, "[p]\nx = 7\n")
    settings = Settings(file, [COUNT])
    settings.set("t.count", 1)
    settings.declare([Setting("p.x", int, 1, "X")], owner="p")
    assert settings.get("p.x") == 7
    settings.forget("p")
    with pytest.raises(SettingError):
        settings.get("p.x")
    settings.set("t.count", 2)
    assert on_disk(file)["p"] == {"x": 7}


def test_forgetting_a_plugin_named_like_an_area_of_the_app_takes_only_its_own(file: Path) -> None:
    settings = Settings(file)
    settings.declare([Setting("chat.extra", int, 1, "X")], owner="chat")
    settings.forget("chat")
    assert settings.get("chat.max_tokens") == 2048
    with pytest.raises(SettingError):
        settings.get("chat.extra")


# --- what the app declares ------------------------------------------------------------------------


@pytest.mark.parametrize("setting", CORE_SETTINGS, ids=lambda setting: setting.key)
def test_every_setting_is_usable_as_declared(setting: Setting) -> None:
    assert setting.check(setting.default) == setting.default
    assert setting.label
    assert setting.help.endswith(".")
    assert setting.scopes


def test_every_setting_is_declared_once() -> None:
    keys = [setting.key for setting in CORE_SETTINGS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("setting", CORE_SETTINGS, ids=lambda setting: setting.key)
def test_the_docs_mark_what_may_differ_from_model_to_model(setting: Setting) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert (f"| `{setting.key}` † |" in text) is ("model" in setting.scopes)


@pytest.mark.parametrize("setting", CORE_SETTINGS, ids=lambda setting: setting.key)
def test_the_docs_say_what_is_allowed(setting: Setting) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "settings.md").read_text("utf-8")
    [row] = [line for line in text.splitlines() if line.startswith(f"| `{setting.key}`")]
    words = ", ".join(str(word) or "empty" for word in setting.limits)
    allowed = " to ".join(map(str, setting.limits)) if setting.type in (int, float) else words
    assert row.split(" | ")[3] == (allowed or "any")


def test_a_template_is_one_of_the_formats_or_none(file: Path) -> None:
    settings = Settings(file)
    for name in ("", "chatml", *formats.names()):
        settings.set("engine.template", name, model="tea")
        assert settings.get("engine.template", "tea") == name
    with pytest.raises(SettingError, match="nonsense") as caught:
        settings.set("engine.template", "nonsense", model="tea")
    assert caught.value.hint.startswith("Allowed: empty, chatml, ")
    assert settings.get("engine.template", "tea") == formats.names()[-1]


def test_a_rule_says_what_type_and_limits_cannot(file: Path) -> None:
    def even(value: int) -> None:
        if value % 2:
            raise SettingError(f"{value} is odd", key="t.even")
        if value > 100:
            raise RuntimeError("a bug")

    settings = Settings(file)
    settings.declare([Setting("t.even", int, 2, "Even", rule=even)], owner="t")
    settings.set("t.even", 4)
    for wrong, words in ((5, "5 is odd"), (102, "t.even cannot be checked")):
        with pytest.raises(SettingError, match=words):
            settings.set("t.even", wrong)
    assert settings.get("t.even") == 4
    file.write_text("[t]\neven = 7\n", "utf-8")
    again = Settings(file)
    again.declare([Setting("t.even", int, 2, "Even", rule=even)], owner="t")
    assert again.get("t.even") == 2
    assert again.problems == ["7 is odd"]


# --- values of one model --------------------------------------------------------------------------


@pytest.fixture
def of_models(file: Path) -> Settings:
    return Settings(file, [COUNT, BOTH, OWN])


def test_a_model_s_own_value_goes_before_the_app_s(of_models: Settings, file: Path) -> None:
    of_models.set("t.both", 20)
    of_models.set("t.both", 30, model=MODEL)
    assert (of_models.get("t.both"), of_models.get("t.both", model=MODEL)) == (20, 30)
    assert of_models.get("t.both", model="another") == 20
    assert on_disk(file) == {"t": {"both": 20}, "model": {MODEL: {"t": {"both": 30}}}}
    assert Settings(file, [COUNT, BOTH, OWN]).get("t.both", model=MODEL) == 30


def test_a_model_keeps_a_value_that_is_the_default(of_models: Settings) -> None:
    """The app's value may change; what was chosen for the model stays."""
    of_models.set("t.both", 8, model=MODEL)
    of_models.set("t.both", 20)
    assert of_models.get("t.both", model=MODEL) == 8


def test_a_reset_gives_the_next_place_s_value(of_models: Settings, file: Path) -> None:
    of_models.set("t.both", 20)
    of_models.set("t.both", 30, model=MODEL)
    of_models.reset("t.both", model=MODEL)
    assert of_models.get("t.both", model=MODEL) == 20
    of_models.reset("t.both")
    assert of_models.get("t.both", model=MODEL) == 8
    assert on_disk(file) == {}
    of_models.reset("t.both", model="never set")
    assert on_disk(file) == {}


def test_whether_a_value_was_chosen(of_models: Settings) -> None:
    assert not of_models.is_chosen("t.both", model=MODEL)
    of_models.set("t.both", 8, model=MODEL)
    assert of_models.is_chosen("t.both", model=MODEL)
    assert not of_models.is_chosen("t.both")
    of_models.set("t.both", 20)
    assert of_models.is_chosen("t.both", model="another")


@pytest.mark.parametrize(("key", "model"), [("t.count", MODEL), ("t.own", "")])
def test_a_setting_is_set_only_where_it_may_be(of_models: Settings, key: str, model: str) -> None:
    value = of_models.get(key)
    for change in (lambda: of_models.set(key, value, model=model), lambda: of_models.reset(key, model=model)):
        with pytest.raises(SettingError, match=key):
            change()
    of_models.get(key, model=model)  # asking is no error


def test_a_value_in_the_wrong_place_of_the_file_counts_for_nothing(file: Path) -> None:
    write(file, '[t]\nown = "x"\n[model.a.t]\ncount = 5\n')
    settings = Settings(file, [COUNT, OWN])
    assert (settings.get("t.own"), settings.get("t.own", model="a"), settings.get("t.count", model="a")) == (
        "",
        "",
        3,
    )


def test_a_model_s_value_that_is_not_allowed_is_told_with_its_name(file: Path) -> None:
    write(file, '[model."Qwen 0.5B".t]\nboth = 999\n')
    settings = Settings(file, [BOTH])
    assert settings.get("t.both", model="Qwen 0.5B") == 8
    [problem] = settings.problems
    assert "Qwen 0.5B" in problem
    assert "t.both" in problem


def test_models_that_are_gone_and_what_they_alone_know_stay_in_the_file(file: Path) -> None:
    text = '[model."gone 7B.x".t]\nboth = 1\nfuture = [1, 2]\n[model."gone 7B.x".other]\nx = "y"\n'
    write(file, text)
    settings = Settings(file, [COUNT, BOTH])
    settings.set("t.count", 4)
    settings.set("t.both", 7, model=MODEL)
    assert on_disk(file)["model"]["gone 7B.x"] == tomllib.loads(text)["model"]["gone 7B.x"]


@given(name=st.text(st.characters(codec="utf-8"), min_size=1), value=st.integers(0, 100))
@hypothesis_settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_name_of_a_model_survives_the_file(tmp_path: Path, name: str, value: int) -> None:
    file = tmp_path / "settings.toml"
    Settings(file, [BOTH]).set("t.both", value, model=name)
    again = Settings(file, [BOTH])
    assert again.get("t.both", model=name) == value
    assert again.problems == []
    again.reset("t.both", model=name)
    assert on_disk(file) == {}


def test_a_name_that_is_no_text_is_refused_and_harms_nothing(of_models: Settings, file: Path) -> None:
    with pytest.raises(SettingError, match="udcff"):
        of_models.set("t.both", 1, model="a\udcff")
    of_models.set("t.both", 2)
    assert on_disk(file) == {"t": {"both": 2}}


def test_no_plugin_can_be_named_like_the_table_of_models(settings: Settings) -> None:
    with pytest.raises(SettingError):
        settings.declare([Setting("model.x", int, 1, "X")], owner="model")


# --- two programs on one home ---------------------------------------------------------------------


def test_what_another_program_changed_survives(file: Path) -> None:
    mine, theirs = Settings(file, [COUNT, FREE, BOTH]), Settings(file, [COUNT, FREE, BOTH])
    mine.set("t.count", 5)
    theirs.set("t.free", "theirs")
    theirs.set("t.both", 1, model=MODEL)
    mine.set("t.both", 2)
    assert on_disk(file) == {
        "t": {"count": 5, "free": "theirs", "both": 2},
        "model": {MODEL: {"t": {"both": 1}}},
    }
    assert mine.get("t.free") == "theirs"  # seen with the next change of one's own


def test_what_another_program_took_back_stays_away(file: Path) -> None:
    mine, theirs = Settings(file, [COUNT, FREE]), Settings(file, [COUNT, FREE])
    mine.set("t.count", 5)
    theirs.reset("t.count")
    mine.set("t.free", "x")
    assert on_disk(file) == {"t": {"free": "x"}}


def test_a_file_that_another_program_broke_is_set_aside_and_nothing_known_is_lost(file: Path) -> None:
    settings = Settings(file, [COUNT, FREE])
    settings.set("t.count", 5)
    write(file, BROKEN[0])
    settings.set("t.free", "x")
    assert on_disk(file) == {"t": {"count": 5, "free": "x"}}
    assert BROKEN[0] in [path.read_bytes() for path in file.parent.iterdir()]
    assert settings.problems


def test_a_change_that_could_not_be_saved_is_saved_with_the_next(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", _full)
        with pytest.raises(SettingError):
            settings.set("t.count", 6)
    assert settings.get("t.count") == 6
    settings.set("t.free", "x")
    assert on_disk(file) == {"t": {"count": 6, "free": "x"}}
    assert list(file.parent.iterdir()) == [file]


def _full(_descriptor: int) -> None:
    raise OSError(28, "No space left on device")


CHANGE = """
import sys
from pathlib import Path
from teahouse.settings import Setting, Settings
name = sys.argv[2]
settings = Settings(Path(sys.argv[1]), [Setting("t." + name, int, 0, "N")])
for number in range(1, 21):
    settings.set("t." + name, number)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_programs_that_write_at_once_lose_nothing(file: Path) -> None:
    names = ["a", "b", "c"]
    running = [subprocess.Popen([sys.executable, "-c", CHANGE, str(file), name]) for name in names]
    assert [program.wait(timeout=60) for program in running] == [0, 0, 0]
    assert on_disk(file) == {"t": dict.fromkeys(names, 20)}


def flatten(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """`{"app": {"theme": "dark"}}` as `{"app.theme": "dark"}`."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def test_a_forgotten_model_leaves_nothing(of_models: Settings, file: Path) -> None:
    write(
        file, f'[model."{MODEL}".t]\nboth = 30\n[model."{MODEL}".plugin]\nx = 1\n[model.other.t]\nboth = 4\n'
    )
    of_models.forget_model(MODEL)  # another program has chosen these since
    assert on_disk(file) == {"model": {"other": {"t": {"both": 4}}}}
    assert of_models.get("t.both", model=MODEL) == 8
    of_models.set("t.own", "new", model=MODEL)
    assert on_disk(file)["model"][MODEL] == {"t": {"own": "new"}}


def test_forgetting_a_model_without_values_writes_nothing(of_models: Settings, file: Path) -> None:
    for name in (MODEL, "\udcff"):
        of_models.forget_model(name)
    assert not file.exists()


def test_a_model_stays_forgotten_when_the_file_could_not_be_written(
    of_models: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_models.set("t.both", 30, model=MODEL)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        for change in (
            lambda: of_models.set("t.both", 31, model=MODEL),
            lambda: of_models.forget_model(MODEL),
        ):
            with pytest.raises(SettingError, match="No space left"):
                change()
    assert of_models.get("t.both", model=MODEL) == 8
    of_models.forget_model(MODEL)
    of_models.set("t.count", 5)
    assert on_disk(file) == {"t": {"count": 5}}
