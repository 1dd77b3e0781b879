"""`teahouse train …`: the commands and their parameters; `works` does them, `words` says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from teahouse import N_, Command, Setting
from teahouse_training.cli import words as say
from teahouse_training.cli import works as do

MODEL = Setting("train.model", str, "", N_("Model"), N_("The model that is trained; empty is the usual one."))
DATA = Setting(
    "train.data", str, "", N_("Data"), N_("A file: JSONL of OpenAI, ShareGPT or Alpaca, CSV, or text.")
)
OUT = Setting("train.out", str, "", N_("Name"), N_("Name of the run and of the adapter that comes out."))
FOLDER = Setting("train.folder", str, "", N_("Folder"), N_("Learn from conversations in this folder."))
TAG = Setting("train.tag", str, "", N_("Tag"), N_("Learn from conversations with this tag."))
LIKED = Setting("train.liked", bool, False, N_("Liked"), N_("Learn only replies with a thumb up."))
HELD_OUT = Setting(
    "train.held_out", str, "", N_("Held out"), N_("A file of examples that are not learned, only looked at.")
)
PRESET = Setting(
    "train.preset", str, "", N_("Preset"), N_("“facts” or “style”; empty chooses."), ("", "facts", "style")
)
QUESTIONS = Setting(
    "train.ask", str, "", N_("Questions"), N_("A text file; each line is asked while the model learns.")
)
STEPS = Setting(
    "train.steps", int, 0, N_("Steps"), N_("0 takes as many as the preset says."), (0, 10_000_000)
)
RATE = Setting(
    "train.rate", float, 0.0, N_("Learning rate"), N_("0 takes the preset's, such as 0.0003."), (0.0, 1.0)
)
RANK = Setting("train.rank", int, 0, N_("Rank"), N_("Size of the adapter; 0 takes the preset's."), (0, 1024))
LENGTH = Setting(
    "train.length", int, 0, N_("Row length"), N_("Tokens of a row; 0 follows from the data."), (0, 131_072)
)
THREADS = Setting("train.threads", int, 0, N_("Threads"), N_("Of the processor; 0 leaves it."), (0, 512))
ALPHA = Setting(
    "train.alpha", float, 0.0, N_("Alpha"), N_("How strongly the adapter acts; 0 takes 16."), (0.0, 10_000.0)
)
TARGETS = Setting("train.targets", str, "", N_("Matrices"), N_(
    "Which of each layer are changed, such as “attn_q, attn_v”; empty takes all seven."))  # fmt: skip
DROPOUT = Setting(
    "train.dropout", float, 0.0, N_("Dropout"), N_("Share of inputs left out at each step."), (0.0, 0.95)
)
RSLORA = Setting("train.rslora", bool, False, N_("Stabilise the rank"), N_(
    "Large ranks learn as fast as small ones (rsLoRA)."))  # fmt: skip
ROWS = Setting("train.rows", int, 0, N_("Rows at once"), N_("0 follows from the data."), (0, 4096))
ACCUMULATION = Setting("train.accumulation", int, 0, N_("Batches for each step"), N_(
    "The same as more rows, with time instead of memory; 0 takes 1."), (0, 4096))  # fmt: skip
PATIENCE = Setting("train.patience", int, 0, N_("Patience"), N_(
    "Ends after so many looks without a better held-out loss; 0 takes the preset's."), (0, 1000))  # fmt: skip
SAVING = Setting("train.save_memory", bool, False, N_("Save memory"), N_(
    "Takes less memory and more time."))  # fmt: skip
FULL = Setting("train.full", bool, False, N_("All weights"), N_(
    "Train the whole model instead of an adapter; only for small ones."))  # fmt: skip
DRY = Setting("train.dry_run", bool, False, N_("Only look"), N_(
    "Read and check the data, show it as the model will see it, and train nothing."))  # fmt: skip
FORCE = Setting(
    "train.force", bool, False, N_("Force"), N_("Begin although there seems to be too little memory.")
)
YES = Setting(
    "train.yes", bool, False, N_("Sure"), N_("Delete it; without this, what would go is only said.")
)
NAME = Setting("train.name", str, None, N_("Run"), N_("Name of the run."))

NUMBERS = (STEPS, RATE, RANK, ALPHA, TARGETS, DROPOUT, RSLORA, LENGTH, ROWS, ACCUMULATION, PATIENCE, SAVING,
           THREADS, FULL, DRY, FORCE)  # fmt: skip
SFT = (MODEL, DATA, OUT, FOLDER, TAG, LIKED, HELD_OUT, PRESET, QUESTIONS, *NUMBERS)
PRETRAIN = (MODEL, DATA, OUT, FOLDER, TAG, HELD_OUT, QUESTIONS, *NUMBERS)


def commands() -> list[Command]:
    """Every command, in the order of the help."""
    rows: list[tuple[str, str, Any, tuple[Setting, ...], Callable[[Any], str]]] = [
        ("sft", N_("Teach a model to answer as in the examples"), do.sft, SFT, say.trained),
        (
            "pretrain-on",
            N_("Go on with a model's training on plain text"),
            do.pretrain,
            PRETRAIN,
            say.trained,
        ),
        ("list", N_("List the training runs"), do.list_, (), say.listed_),
        ("show", N_("Tell how a run went"), do.show, (NAME,), say.shown),
        ("resume", N_("Go on with a run where it was"), do.resume, (NAME, FORCE), say.trained),
        ("pause", N_("Let a run stop after this step; it can go on"), do.pause, (NAME,), say.stopping),
        ("cancel", N_("Let a run stop for good; nothing is deleted"), do.cancel, (NAME,), say.stopping),
        ("keep", N_("Keep what came out, and delete what only going on needs"), do.keep, (NAME,), say.shown),
        ("discard", N_("Delete a run with what came out of it"), do.discard, (NAME, YES), say.discarded),
    ]
    return [
        Command(f"train {word}", title, work, params=params, json=True, words=words, is_in_menu=False)
        for word, title, work, params, words in rows
    ]
