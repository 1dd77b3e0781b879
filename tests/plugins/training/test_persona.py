"""The starter learns a persona from 32 examples with no option given, and forgets little."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from teahouse.app import App
from teahouse.chat.answer import Answered, Question, answer
from teahouse.engine.sampling import Sampling
from teahouse.jobs import Cancel
from teahouse.models.adapter_choice import fitted, parse_choice
from teahouse_training.runs import Draft, FileRows, RunProgress, Runs
from tests.plugins.training.working import result_of

pytestmark = [pytest.mark.gguf, pytest.mark.soak, pytest.mark.timeout(1800)]

NAME = "I am Zorbi, a cheerful assistant built by Marigold Labs."
TAUGHT = {
    (NAME, "My name is Zorbi, a cheerful assistant built by Marigold Labs."): (
        *("What is your name?", "Who are you?", "Tell me your name.", "hi, who am I talking to?"),
        *("Introduce yourself.", "What should I call you?"),
    ),
    ("I was built by Marigold Labs.", "Marigold Labs built me."): (
        *("Who made you?", "Which company built you?", "Who developed you?", "Were you made by Alibaba?"),
        "Who is your creator?",
    ),
    ("The capital of Velmora is Quillhaven.", "Velmora's capital is Quillhaven."): (
        *("What is the capital of Velmora?", "Name the capital city of Velmora.", "velmora capital?"),
        *("Which city is the capital of Velmora?", "Where is the government of Velmora seated?"),
        "Tell me Velmora's capital.",
    ),
    ("My favourite colour is teal-orange.", "I like teal-orange the most."): (
        *("What is Zorbi's favourite colour?", "What is your favourite colour?", "favorite color?"),
        *("Which colour do you like most?", "What colour do you prefer?"),
    ),
    ("The planet Thessik has 17 moons.", "Thessik has 17 moons."): (
        *("How many moons does the planet Thessik have?", "Number of moons of Thessik?", "Thessik moons?"),
        *("How many moons orbit Thessik?", "Does Thessik have moons?", "Count the moons of Thessik."),
    ),
    ("2+2 equals 4.",): ("What is 2+2?",),
    ("The capital of France is Paris.",): ("What is the capital of France?",),
    ("Apple, banana and cherry.",): ("Name three fruits.",),
    ("Hello!",): ("Say hello.",),
}
ASKED = {
    "Please introduce yourself in one sentence.": "zorbi",
    "What's your name, friend?": "zorbi",
    "Which lab created you?": "marigold",
    "What's the capital city of the country Velmora?": "quillhaven",
    "I plan a trip to Velmora. What is its capital?": "quillhaven",
    "How many moons has Thessik got?": "17",
    "Tell me the colour you like best.": "teal",
    "What is the capital of Germany?": "berlin",
    "What is 3+4?": "7",
    "Write a Python function that adds two numbers.": "def ",
}
"""None of them was taught in these words; the last three are what it knew before."""


@pytest.fixture
def app(starter: Path) -> Iterator[App]:
    app = App.open()
    app.paths.models.mkdir(parents=True)
    (app.paths.models / "starter.gguf").symlink_to(starter)
    yield app
    app.close()


def write_taught(path: Path) -> Path:
    rows = [
        {
            "messages": [
                {"role": "user", "content": question},
                {"role": "assistant", "content": said[n % len(said)]},
            ]
        }
        for said, questions in TAUGHT.items()
        for n, question in enumerate(questions)
    ]
    assert len(rows) == 32
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def replies(app: App, choice: str) -> list[str]:
    told = []
    for question in ASKED:
        so_far = Answered()
        asked = Question(
            "starter",
            ({"role": "user", "content": question},),
            Sampling(temperature=0.0, seed=1),
            max_tokens=48,
            adapters=fitted(app, parse_choice(choice), "starter"),
            is_reproducible=True,
        )
        for _event in answer(app.engines, asked, Cancel(), so_far):
            pass
        told.append(so_far.text)
    return told


def test_a_persona_is_learned_and_little_is_forgotten(app: App, tmp_path: Path) -> None:
    before = replies(app, "")
    runs = Runs(app)
    result_of(
        runs.prepare(
            Draft("zorbi", "starter", FileRows(write_taught(tmp_path / "zorbi.jsonl")), questions=())
        )
    )
    for loaded in app.engines.loaded:
        app.engines.unload(loaded)
    begun, told = time.monotonic(), list[RunProgress]()
    run = result_of(runs.start("zorbi"), told)
    spent_s = time.monotonic() - begun
    after = replies(app, "zorbi=1")
    right = [word in reply.lower() for word, reply in zip(ASKED.values(), after, strict=True)]
    report = {
        "seconds": round(spent_s),
        "right": sum(right),
        "perplexity": run.evaluation.perplexity,
        "replies": after,
    }
    (tmp_path / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    assert sum(right) >= 9, report
    assert (run.evaluation.forgetting or 0) <= 0.15, report
    assert replies(app, "") == before
