"""Trainings in words: what state one is in, and what came of it."""

from __future__ import annotations

from teahouse.language import sentences
from teahouse_training.panel.course import Course
from teahouse_training.panel.values import ShownRun
from teahouse_training.panel.words import _, count, in_a_row, number, percent
from teahouse_training.values import State

MUCH_FORGOTTEN = 15.0
"""Percent: what the presets keep below."""


def state_in_words(run: ShownRun) -> str:
    """What state a training is in."""
    if run.state == "running":
        text = _("Step {step} of {steps}").format(step=count(run.step), steps=count(run.steps))
        return run.stage or (text if run.step else _("It is about to begin."))
    place = {"step": count(run.step), "steps": count(run.steps)}
    words: dict[State, str] = {
        "prepared": _("Not begun yet"),
        "paused": _("Paused at step {step} of {steps}").format(**place),
        "interrupted": _("Interrupted at step {step} of {steps}; it goes on from there.").format(**place),
        "failed": _("Failed after step {step} of {steps}").format(**place) if run.step else _("Failed"),
        "cancelled": _("Cancelled at step {step} of {steps}").format(**place),
        "done": _("Finished. Keep it or discard it?"),
        "kept": _kept(run),
    }
    return words[run.state]


def _kept(run: ShownRun) -> str:
    if run.adapter:
        return _("Kept: it can be chosen in every conversation with this model.")
    if run.made_model:
        return _("Kept: the new model “{name}” is among the models.").format(name=run.made_model)
    return _("Kept, but what came out of it is not in the library any more.")


def facts_in_words(run: ShownRun) -> str:
    """The model, and how much was learned from."""
    examples = _("1 example") if run.rows == 1 else _("{count} examples").format(count=count(run.rows))
    return in_a_row((run.model, examples if run.rows else ""))


def result_in_words(run: ShownRun, course: Course) -> str:
    """What a training that has ended shows: did it learn, does it understand, what did it forget."""
    told = []
    if len(course.held_out) > 1:
        before, after = course.held_out[0][1], course.held_out[-1][1]
        better = _(
            "On examples that it never saw, its loss fell from {before} to {after}: it has understood some."
        )
        worse = _(
            "On examples that it never saw, its loss rose from {before} to {after}: it learned by heart."
        )
        text = better if after < before else worse
        told.append(text.format(before=number(before), after=number(after)))
    elif len(course.loss) > 1:
        text = _(
            "Its loss went from {before} to {after}; nothing was set aside to test whether it understands."
        )
        told.append(text.format(before=number(course.loss[0][1]), after=number(course.loss[-1][1])))
    if course.forgotten is not None:
        harder = _("Ordinary texts have become {percent} harder for it.")
        easier = _("Ordinary texts have not become harder for it ({percent}).")
        text = harder if round(course.forgotten, 1) > 0 else easier
        shown = percent(course.forgotten).removeprefix("+").replace(" ", "\N{NO-BREAK SPACE}")
        told.append(text.format(percent=shown))
        if course.forgotten > MUCH_FORGOTTEN:
            told.append(_("That is much: fewer steps or a lower rate keep more."))
    return sentences(*told)
