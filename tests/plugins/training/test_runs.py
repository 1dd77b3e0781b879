"""A run from start to library: it pauses, goes on to the same losses, fails in words, is kept or dropped."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.errors import AppError
from teahouse.jobs import Cancel
from teahouse.models.adapters import Adapter
from teahouse_torch.run_folder import RunError, RunFolder
from teahouse_torch.settings import TrainingSettings
from teahouse_training import discarding, room
from teahouse_training.data.rows import Issue
from teahouse_training.keeping import own_adapter, put_into_library
from teahouse_training.looks import Speller
from teahouse_training.records import Records, write_json
from teahouse_training.runs import Draft, FileRows, Run, RunProgress, Runs, ShortOfMemory, TrainingRefused
from teahouse_training.values import Evaluation
from tests.plugins.training.chatting import write_model
from tests.plugins.training.working import result_of

LOOKS = {"look_every": 8, "keep_every": 4}
QUICK = {"steps": 16, "learning_rate": 3e-3, "threads": 1, "precision": "float32"} | LOOKS
QUESTIONS = ("Which is cup 0?",)

Done = tuple[Run, list[RunProgress]]
"""A run and what it told."""


def prepared(app: App, rows: Path, name: str, *, model: str = "tiny", **changes: object) -> Run:
    draft = Draft(name, model, FileRows(rows), changes={**QUICK, **changes}, questions=QUESTIONS)
    run = result_of(Runs(app).prepare(draft))
    for loaded in app.engines.loaded:
        app.engines.unload(loaded)
    assert isinstance(run, Run)
    return run


def losses(app: App, name: str) -> list[float]:
    return [row["loss"] for row in Runs(app).history(name) if row["kind"] == "step"]


@pytest.fixture(scope="module")
def whole(shared: App, rows: Path) -> Done:
    """A run that was done without a stop, and what it told."""
    prepared(shared, rows, "whole")
    told: list[RunProgress] = []
    return result_of(Runs(shared).start("whole"), told), told


def test_it_learns_and_its_adapter_is_in_the_library(shared: App, whole: Done) -> None:
    run, _told = whole
    assert (run.state, run.why, run.step, run.adapter) == ("done", "done", 16, "whole")
    before, now = run.evaluation.held_out or (0.0, 0.0)
    assert now < 0.7 * before and (run.evaluation.moved or 0) > 0
    assert set(run.evaluation.perplexity) == {"en", "zh"} and run.evaluation.forgetting is not None
    assert [question for question, _old, _new in run.evaluation.answers] == list(QUESTIONS)
    adapter = shared.adapters.find("whole")
    assert adapter.card["data"] == "teas.jsonl" and adapter.card["evaluation"]["step"] == 16
    assert adapter.card["settings"]["steps"] == 16
    model = shared.models.find("tiny")
    assert model.header is not None and adapter.fits(model.header) == ""


def test_discarding_a_copy_of_a_run_leaves_the_adapter_of_the_other(shared: App, whole: Done) -> None:
    run, _told = whole
    shutil.copytree(run.folder, run.folder.with_name("copy"))
    Runs(shared).discard("copy")
    assert shared.adapters.find("whole").card["run"] == "whole"


def test_a_renamed_adapter_is_still_known_and_a_removed_one_is_not(shared: App, whole: Done) -> None:
    shared.adapters.rename("whole", "oolong")
    try:
        assert Runs(shared).find("whole").adapter == "oolong"
        assert Runs(shared).look_at_discard("whole").adapter == "oolong"
    finally:
        shared.adapters.rename("oolong", "whole")
    file = shared.adapters.find("whole").path
    hidden = file.rename(file.with_suffix(".away"))
    try:
        assert next(run for run in Runs(shared).list() if run.name == "whole").adapter == ""
    finally:
        hidden.rename(file)


def test_what_it_tells_while_it_works(whole: Done) -> None:
    _run, told = whole
    stages = list(dict.fromkeys(one.stage for one in told))
    assert stages == ["loading", "training", "writing"]
    steps = [one for one in told if one.row and one.row["kind"] == "step"]
    assert [one.step for one in steps] == list(range(1, 17))
    assert all(one.eta_s is not None and one.tokens_per_s and one.memory_bytes > 1 << 20 for one in steps[1:])
    assert "Step 5 of 16, loss" in steps[4].text and "left" in steps[4].text
    looks = [one for one in told if one.row and one.row["kind"] == "look"]
    assert [one.step for one in looks] == [0, 8, 16] and all(len(one.answers) == 1 for one in looks)
    assert looks[0].answers != looks[-1].answers


def test_paused_and_killed_it_goes_on_to_the_same_losses(
    shared: App, rows: Path, whole: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared(shared, rows, "cut")
    runs, cancel = Runs(shared), Cancel()
    with closing(runs.start("cut")(cancel)) as steps:
        for progress in steps:
            if progress.step >= 6:
                cancel.set()
                break
    run = runs.find("cut")
    assert run.state == "paused" and 6 <= run.step < 10 and run.can_resume

    pids: list[int] = []
    start = shared.workers.start
    monkeypatch.setattr(shared.workers, "start", lambda *a, **k: (w := start(*a, **k), pids.append(w.pid))[0])
    with pytest.raises(AppError, match="interrupted") as caught:
        for progress in runs.resume("cut")(Cancel()):
            if progress.step >= 11:
                os.kill(pids[0], signal.SIGKILL)
    assert "memory" in caught.value.hint
    run = runs.find("cut")
    assert run.state == "interrupted" and "interrupted" in run.error[0] and run.step < 16

    done = result_of(runs.resume("cut"))
    assert done.state == "done" and done.error == ("", "")
    assert losses(shared, "cut") == pytest.approx(losses(shared, "whole"), abs=1e-4)


def test_it_can_be_stopped_from_another_process(shared: App, rows: Path) -> None:
    prepared(shared, rows, "elsewhere", steps=400, keep_every=100, look_every=400)
    ended: list[Run] = []
    runs = Runs(shared)
    thread = threading.Thread(target=lambda: ended.append(result_of(Runs(shared).start("elsewhere"))))
    thread.start()
    until = time.monotonic() + 60
    while runs.find("elsewhere").step < 2 and time.monotonic() < until:
        time.sleep(0.05)
    with pytest.raises(TrainingRefused, match="being trained already"):
        result_of(runs.start("elsewhere"))
    with pytest.raises(TrainingRefused, match="being trained already"):
        runs.discard("elsewhere")
    assert runs.find("elsewhere").state == "running"
    runs.cancel("elsewhere")
    thread.join(60)
    assert not thread.is_alive()
    assert ended[0].state == "cancelled" and 2 <= ended[0].step < 400
    with pytest.raises(TrainingRefused, match="not being trained"):
        runs.pause("elsewhere")
    runs.discard("elsewhere")
    assert "elsewhere" not in [run.name for run in runs.list()]


def test_a_loss_that_is_no_number_is_a_failure(shared: App, rows: Path) -> None:
    write_model(shared.paths.models / "broken.gguf", is_broken=True)
    prepared(shared, rows, "hopeless", model="broken")
    with pytest.raises(AppError, match="no number"):
        result_of(Runs(shared).start("hopeless"))
    run = Runs(shared).find("hopeless")
    assert run.state == "failed" and "no number before anything was learned" in run.error[0]
    assert "file may be damaged" in run.error[1], "a lower rate would not help"
    assert run.adapter == "" and "hopeless" not in [one.name for one in shared.adapters.list()]


def test_a_run_that_died_before_its_adapter_was_in_the_library_puts_it_there(
    shared: App, whole: Done
) -> None:
    """So it stands on the disk when the process ends between the last step and the library."""
    run, _told = whole
    shared.adapters.remove("whole")
    Records(run.folder.parent).tell(RunFolder(run.folder), "running", adapter="")
    assert Runs(shared).find("whole").state == "interrupted"
    again = result_of(Runs(shared).resume("whole"))
    assert (again.state, again.adapter, again.step) == ("done", "whole", 16)
    assert shared.adapters.find("whole").card["run"] == "whole"


def test_kept_or_thrown_away(shared: App, rows: Path, whole: Done) -> None:
    runs, before = Runs(shared), rows.read_bytes()
    assert any((whole[0].folder / "checkpoints").iterdir())
    with pytest.raises(TrainingRefused, match="done already"):
        result_of(runs.start("whole"))
    kept = runs.keep("whole")
    assert kept.state == "kept" and not (kept.folder / "checkpoints").exists()
    runs.discard("whole")
    assert not kept.folder.exists() and "whole" not in [one.name for one in shared.adapters.list()]
    assert rows.read_bytes() == before
    with pytest.raises(TrainingRefused, match="not done"):
        prepared(shared, rows, "undone")
        runs.keep("undone")


def test_too_little_memory_is_asked_about(shared: App, rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared(shared, rows, "large")
    result_of(shared.engines.load("tiny"))
    monkeypatch.setattr(room, "free_memory", lambda: 1 << 20)
    with pytest.raises(ShortOfMemory) as caught:
        result_of(Runs(shared).start("large"))
    assert caught.value.data["loaded"] == ["tiny"] and caught.value.data["would_do"] is False
    assert Runs(shared).find("large").state == "prepared"
    assert Runs(shared).room("large").is_short
    with pytest.raises(ShortOfMemory):
        result_of(Runs(shared).start("large", unloads=True))
    until = time.monotonic() + 30
    while "tiny" not in shared.engines.loaded and time.monotonic() < until:
        time.sleep(0.05)
    assert shared.engines.loaded == ["tiny"], "it is there again"


def test_it_trains_only_what_was_asked(shared: App, rows: Path) -> None:
    run = prepared(shared, rows, "changed")
    file = run.folder / "train.safetensors"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(TrainingRefused, match="examples were changed"):
        result_of(Runs(shared).start("changed"))
    file.write_bytes(whole)
    write_model(shared.paths.models / "tiny.gguf", seed=1)
    try:
        with pytest.raises(TrainingRefused, match="model is another one"):
            result_of(Runs(shared).start("changed"))
    finally:
        write_model(shared.paths.models / "tiny.gguf")


# --- without training -------------------------------------------------------------------------------


def test_a_run_whose_process_is_gone_was_interrupted(tmp_path: Path) -> None:
    records = Records(tmp_path)
    place = written(tmp_path / "gone")
    records.tell(place, "running")
    assert records.read("gone").state == "interrupted"
    with records.held(place):
        assert records.read("gone").state == "running"


def test_damaged_runs_are_told_with_what_is_wrong_and_what_is_left(app: App) -> None:
    home = app.paths.data / "training"
    written(home / "good")
    bad = written(home / "bad")
    bad.asked_file.write_text("{", encoding="utf-8")
    (bad.folder / "data.jsonl").write_text("{}\n", encoding="utf-8")
    (written(home / "bare").folder / "draft.json").unlink()
    (home / "somebody's").mkdir()
    (home / "somebody's" / "notes.txt").touch()
    runs = Runs(app)
    found, damaged = runs.read_all()
    assert [run.name for run in found] == ["good"]
    assert [run.name for run in damaged] == ["bad", "bare"]
    assert damaged[0].text.endswith("run.json cannot be read (it is no JSON from line 1 on).")
    assert "data.jsonl" in damaged[0].hint
    assert "Nothing was deleted." in damaged[0].hint
    assert "draft.json" in damaged[1].text and "it is missing" in damaged[1].text
    assert "examples" not in damaged[1].hint
    with pytest.raises(AppError, match="bad"):
        runs.find("bad")
    with pytest.raises(TrainingRefused, match="no run named"):
        runs.discard("somebody's")


def test_a_whole_model_goes_into_the_library_and_replaces_none(app: App) -> None:
    home = app.paths.data / "training"
    place = written(home / "own", replace(TrainingSettings(), is_full=True))
    write_model(place.model)
    run = put_into_library(app, Records(home), "own")
    assert (run.adapter, run.made_model) == ("", "own")
    assert app.models.find("own").path == app.paths.models / "own.gguf"
    assert put_into_library(app, Records(home), "own").made_model == "own", "it is the same file"
    write_model(place.model, seed=1)
    with pytest.raises(TrainingRefused, match="already"):
        put_into_library(app, Records(home), "own")
    assert place.model.exists()


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_discarded_run_takes_its_whole_model_with_it(app: App, *, is_kept: bool) -> None:
    home = app.paths.data / "training"
    place = written(home / "own", replace(TrainingSettings(), is_full=True))
    write_model(place.model)
    put_into_library(app, Records(home), "own")
    runs, target = Runs(app), app.paths.models / "own.gguf"
    if is_kept:
        runs.keep("own")
        assert not place.model.exists(), "one copy is enough"
    app.settings.set("models.default", "own")
    result_of(app.engines.load("own"))
    going = runs.look_at_discard("own")
    assert (going.made_model, going.model_bytes, going.kept_model) == ("own", target.stat().st_size, "")
    assert runs.discard("own") == going
    assert not target.exists() and not place.folder.exists() and app.engines.loaded == []
    assert app.settings.get("models.default") != "own"
    assert [path.name for path in app.paths.models.iterdir()] == ["tiny.gguf"]


def test_a_model_that_is_another_one_now_stays(app: App) -> None:
    home = app.paths.data / "training"
    place = written(home / "own", replace(TrainingSettings(), is_full=True))
    write_model(place.model)
    put_into_library(app, Records(home), "own")
    write_model(app.paths.models / "own.gguf", seed=1)
    found = Runs(app).discard("own")
    assert (found.made_model, found.kept_model) == ("", "own")
    assert app.models.find("own").path is not None and not place.folder.exists()


def test_a_name_that_a_model_has_is_refused_before_hours_are_spent(app: App, rows: Path) -> None:
    with pytest.raises(TrainingRefused, match=r"There is a model .*tiny\.gguf already"):
        prepared(app, rows, "tiny", is_full=True)
    assert not any((app.paths.data / "training").glob("*"))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("draft.json", b'{"issues": [{}]}'),
        ("draft.json", b'{"rows": null}'),
        ("draft.json", b"[" * 200_000),
        ("draft.json", b"[]"),
        ("state.json", b'{"seconds": "soon"}'),
        ("state.json", b"{"),
        ("metrics.jsonl", b"\xff\xfe\n"),
        ("metrics.jsonl", b'{"step": null}\n'),
        ("run.json", b"{}"),
    ],
)
def test_a_damaged_run_hides_no_other_and_can_be_discarded(app: App, file: str, content: bytes) -> None:
    home = app.paths.data / "training"
    written(home / "good")
    written(home / "bad").folder.joinpath(file).write_bytes(content)
    runs = Runs(app)
    assert [run.name for run in runs.list()] == ["good"]
    assert [run.name for run in runs.read_all()[1]] == ["bad"]
    with pytest.raises(RunError, match="cannot be read"):
        runs.find("bad")
    runs.discard("bad")
    assert sorted(path.name for path in home.iterdir()) == ["good"]


def test_one_that_goes_while_all_are_read_hides_no_other(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another window takes its draft away first, and then its folder."""
    home = app.paths.data / "training"
    written(home / "good")
    (written(home / "going").folder / "draft.json").unlink()
    look = discarding.look_at_discard

    def go(found: App, records: Records, name: str) -> object:
        shutil.rmtree(home / "going")
        return look(found, records, name)

    monkeypatch.setattr(discarding, "look_at_discard", go)
    found, damaged = Runs(app).read_all()
    assert ([run.name for run in found], damaged) == (["good"], [])


def test_a_damaged_run_takes_no_adapter_of_another_name(tmp_path: Path) -> None:
    """What its card would have to tell is damaged: a friend's of the same run's name stays."""
    place = written(tmp_path / "tea")
    card = {"run": "tea", "created": place.asked().card["created"]}
    made = Adapter("tea", tmp_path / "tea.gguf", card=card)
    renamed, friends = replace(made, name="pot"), replace(made, name="friend", card={"run": "tea"})
    assert own_adapter([friends, renamed], place, {"adapter": "tea"}) == "pot"
    place.asked_file.write_bytes(b"{")
    assert own_adapter([friends, renamed], place, {"adapter": "tea"}) == ""
    assert own_adapter([friends, made], place, {"adapter": "tea"}) == "tea"


def test_a_state_that_nobody_knows_is_an_interruption(tmp_path: Path) -> None:
    place = written(tmp_path / "odd")
    write_json(place.folder / "state.json", {"state": "asleep"})
    assert Records(tmp_path).read("odd").state == "interrupted"


def test_a_full_disk_leaves_the_trained_model_with_the_run(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    home = app.paths.data / "training"
    place = written(home / "own", replace(TrainingSettings(), is_full=True))
    write_model(place.model)

    def fail(_source: Path, part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("teahouse_training.keeping.shutil.copyfile", fail)
    with pytest.raises(TrainingRefused, match="No space left"):
        put_into_library(app, Records(home), "own")
    assert place.model.exists()
    assert [path.name for path in app.paths.models.iterdir()] == ["tiny.gguf"]


def test_with_early_stop_the_best_look_counts(tmp_path: Path) -> None:
    place = written(tmp_path / "early", replace(TrainingSettings(), patience=2))
    for step, loss in ((0, 3.0), (4, 1.0), (8, 2.0)):
        place.tell({"kind": "look", "step": step, "held_out": loss, "perplexity": {"en": 10.0 + step}})
    evaluation = Records(tmp_path).read("early").evaluation
    assert evaluation.step == 4 and evaluation.held_out == (3.0, 1.0)
    assert evaluation.forgetting == pytest.approx(0.4)


def test_forgetting_is_the_mean_over_texts() -> None:
    assert Evaluation(perplexity={"en": (10.0, 20.0), "zh": (20.0, 10.0)}).forgetting == pytest.approx(0.0)
    assert Evaluation().forgetting is None


def test_answers_are_spelled_over_tokens() -> None:
    pieces = [piece.decode("latin-1") for piece in (b" It", b"\xe8\x8c", b"\xb6", b"")]
    assert Speller(pieces).spell([0, 1, 2, 3]) == "It茶"
    assert Speller(pieces).spell([0, 99]) == "It\ufffd"


def written(folder: Path, settings: TrainingSettings | None = None) -> RunFolder:
    from teahouse_torch.run_folder import Asked

    folder.mkdir(parents=True)
    place = RunFolder(folder)
    issue = Issue(3, "duplicate", detail="1")
    write_json(folder / "draft.json", {"kind": "sft", "model": "tiny", "issues": [issue.as_json()]})
    card = {"run": folder.name, "created": "2026-11-22T10:00:00+00:00"}
    place.put_asked(Asked(folder.name, Path("tiny.gguf"), settings or TrainingSettings(), card=card))
    assert Records(folder.parent).read(folder.name).issues == (issue,)
    return place
