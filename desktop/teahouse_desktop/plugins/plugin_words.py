"""What is known of plugins, in words."""

from __future__ import annotations

from teahouse.language import listed
from teahouse.plugins import PluginDetails
from teahouse.plugins.gallery import Offer
from teahouse.plugins.installing import Plan
from teahouse.plugins.installing.files import Step
from teahouse_desktop.language.dates import size_in_words
from teahouse_desktop.language.languages import translate
from teahouse_desktop.models.model_words import in_a_row


def state_of(details: PluginDetails) -> tuple[str, str]:
    """Whether it runs or why not, and the kind of label for that: `danger` or `muted`."""
    info = details.info
    if info.why_off:
        return translate("Plugins", "Turned off: it {what}.").format(what=info.why_off.rstrip(".")), "danger"
    if not info.enabled:
        return "", "muted"
    if info.error:
        return translate("Plugins", "It has a fault: {error}").format(error=info.error), "danger"
    return ("", "muted") if info.is_loaded else (translate("Plugins", "It is not loaded."), "muted")


def brings_of(details: PluginDetails) -> str:
    """What an installed plugin brings; empty where nothing is known of that yet."""
    commands, settings = details.commands, details.settings
    words = [
        translate("Plugins", "a panel or more for the window") if details.has_panels else "",
        translate("Plugins", "commands: {names}").format(names=listed(commands)) if commands else "",
        translate("Plugins", "settings: {count}").format(count=len(settings)) if settings else "",
        translate("Plugins", "hooks: {count}").format(count=len(details.info.hooks))
        if details.info.hooks
        else "",
    ]
    found = in_a_row(*words)
    return translate("Plugins", "Brings {what}").format(what=found) if found else ""


def cost_of(details: PluginDetails) -> str:
    """What it adds to a start, and what its calls took since."""
    statistics = details.statistics
    if not details.info.is_loaded:
        return ""
    start = translate("Plugins", "Adds {time} to a start").format(time=_time(statistics.load_s))
    calls = translate("Plugins", "{count} calls took {time}")
    used = calls.format(count=statistics.calls, time=_time(statistics.total_s)) if statistics.calls else ""
    return in_a_row(start, used)


def facts_of_plan(plan: Plan) -> list[tuple[str, str]]:
    """What a person has to know before a plugin is installed: label and value."""
    wheel = plan.wheel
    unsaid = translate("Plugins", "not said")
    replaced = translate("Plugins", "version {version}, which is replaced")
    lines = [
        (translate("Plugins", "Package"), f"{wheel.name} {wheel.version}"),
        (translate("Plugins", "Installed now"), replaced.format(version=plan.version_before)),
        (translate("Plugins", "What it is"), wheel.summary),
        (translate("Plugins", "Author"), wheel.author or unsaid),
        (translate("Plugins", "Licence"), wheel.licence or unsaid),
        (translate("Plugins", "Page"), wheel.homepage),
        (translate("Plugins", "SHA-256"), wheel.sha256),
        (translate("Plugins", "Written for"), f"teahouse {wheel.api}" if wheel.api else ""),
        (translate("Plugins", "Brings"), listed(_brought(plan))),
        (translate("Plugins", "Also installs"), listed(_libraries(plan)) or _nothing()),
    ]
    return [
        (label, value) for label, value in lines if value and (label != lines[1][0] or plan.version_before)
    ]


def step_in_words(step: object) -> str:
    """What is being done."""
    if not isinstance(step, Step):
        return translate("Plugins", "Loading …")
    words = {
        "find": translate("Plugins", "Looking for what it needs …"),
        "fetch": translate("Plugins", "Fetching …"),
        "read": translate("Plugins", "Reading it …"),
        "try": translate("Plugins", "Trying it in a process of its own …"),
        "install": translate("Plugins", "Installing …"),
        "remove": translate("Plugins", "Removing …"),
    }
    return in_a_row(words[step.stage], size_in_words(step.done_bytes) if step.done_bytes else "")


def about_offer(offer: Offer) -> str:
    """Version, author, licence and size of a gallery's plugin."""
    newest = offer.newest_here()
    size = size_in_words(newest.size_bytes) if newest and newest.size_bytes else ""
    return in_a_row(newest.version if newest else "", offer.author, offer.licence, size)


def _nothing() -> str:
    return translate("Plugins", "nothing else")


def _brought(plan: Plan) -> list[str]:
    wheel = plan.wheel
    command = translate("Plugins", "the command “teahouse {word}”")
    program = translate("Plugins", "the program {name}")
    words = [
        translate("Plugins", "a part for the engine") if wheel.has_engine else "",
        translate("Plugins", "a part for the window") if wheel.has_panels else "",
        *(command.format(word=word) for word in wheel.words),
        *(program.format(name=name) for name in wheel.programs),
    ]
    return [word for word in words if word]


def _libraries(plan: Plan) -> list[str]:
    from teahouse.plugins.installed import normal

    instead = translate("Plugins", "{name} {version} in place of {before}")
    found = []
    for wheel in plan.libraries:
        before = plan.before.get(normal(wheel.name), "")
        words = instead if before else "{name} {version}"
        found.append(words.format(name=wheel.name, version=wheel.version, before=before))
    return found


def _time(seconds: float) -> str:
    if seconds >= 1:
        return translate("Plugins", "{count} s").format(count=f"{seconds:.1f}")
    return translate("Plugins", "{count} ms").format(count=round(seconds * 1000))
