"""The command line: which measurements, how much of them, and where the record is kept."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import record
from bench.measurements import BY_NAME_ONLY, MEASUREMENTS, WITHOUT_MODEL, Plan

ROOT = Path(__file__).resolve().parents[2]
MODEL_COUNTS = ("pairs", "prompt_tokens", "tokens", "turns", "reply_tokens")
STORE_COUNTS = ("conversations", "path_messages", "searches")
SIZES_OF = {
    "store": STORE_COUNTS,
    "painting": ("pairs",),
    "startup": ("starts",),
    "documents": ("pairs", "passages", "searches"),
    "answers": ("questions", "beside_questions", "threads"),
}
COUNTS = (*MODEL_COUNTS, *STORE_COUNTS, "starts", "passages", *SIZES_OF["answers"])


def main(arguments: Sequence[str]) -> int:
    """Measure and write; returns the exit code. A limit that is not reached is a result, no error."""
    options = read_arguments(arguments)
    names = options.measurements or [name for name in MEASUREMENTS if name not in BY_NAME_ONLY]
    if not options.model and not WITHOUT_MODEL.issuperset(names):
        print("No model: name a GGUF file with --model or TEAHOUSE_TEST_MODEL.", file=sys.stderr)
        return 2
    own = {name: getattr(options, name) for name in (*COUNTS, "keep", "beside")}
    plan = Plan(Path(options.model).absolute(), **own)
    for name in names:
        print(f"{name}: {(MEASUREMENTS[name].__doc__ or '').splitlines()[0]}", flush=True)
        around = circumstances(name, plan)
        results = MEASUREMENTS[name](plan, say)
        if not results:
            print("  nothing: what it needs is not here")
            continue
        record.put(options.output, name, results, around)
        for result in results:
            print(line(result.as_json()), flush=True)
    print(f"Written: {options.output}")
    return 0


def circumstances(name: str, plan: Plan) -> dict[str, Any]:
    """Of one measurement: with the model and the sizes that concern it."""
    needs_model = name not in WITHOUT_MODEL
    sizes = {size: getattr(plan, size) for size in SIZES_OF.get(name, MODEL_COUNTS)}
    return record.circumstances(ROOT, plan.model if needs_model else None, sizes)


def read_arguments(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure this machine and this commit.")
    parser.add_argument("measurements", nargs="*", metavar="|".join(MEASUREMENTS), help="default: all")
    for name in COUNTS:
        default = Plan.__dataclass_fields__[name].default
        parser.add_argument(f"--{name.replace('_', '-')}", type=int, default=default)
    parser.add_argument("--model", default=os.environ.get("TEAHOUSE_TEST_MODEL", ""))
    parser.add_argument(
        "--beside", type=Path, help="another model that is asked the same questions (answers)"
    )
    parser.add_argument("--keep", type=Path, help="folder in which what is slow is kept, to go on (answers)")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "measured.json")
    options = parser.parse_args(arguments)
    if unknown := set(options.measurements) - set(MEASUREMENTS):
        parser.error(f"no measurement is called {', '.join(sorted(unknown))}")
    return options


def say(text: str) -> None:
    """A sign of life that the next one writes over; silent when nobody watches."""
    if sys.stderr.isatty():
        print(f"\r{text:<40}", end="", file=sys.stderr, flush=True)


def line(result: dict[str, Any]) -> str:
    """One result for people."""
    if "value" in result:
        return f"  {result['title']}: {result['value']:.3f} (limit {result['most']}): {result['verdict']}"
    low, high = result["spread"]
    if "values" in result:
        text = f"{result['median']:.3f} [{low:.3f} … {high:.3f}] (limit {result['most']})"
        return f"  {result['title']}: {text}: {result['verdict']}"
    if "ms_p95" in result:
        text = f"{result['ms_p95']:.1f} ms [{low:.1f} … {'?' if high is None else f'{high:.1f}'}]"
        median = f"median {result['ms_median']:.1f} ms"
        return f"  {result['title']}: {text}, {median} (limit {result['most']}): {result['verdict']}"
    if "difference" in result:
        shares = f"{result['ours_share']:.3f} / {result['theirs_share']:.3f}"
        text = f"{shares}: {result['difference']:+.3f} [{low:+.3f} … {high:+.3f}]"
        return f"  {result['title']}: {text}: {result['verdict']}"
    median = result["ratio_median"]
    text = f"{median:.3f} [{low:.3f} … {high:.3f}] (limit {result['limit']}): {result['verdict']}"
    return f"  {result['title']}: {result['ours_median']:.2f} / {result['theirs_median']:.2f} = {text}"
