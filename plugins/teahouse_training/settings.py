"""What people can choose for all their training runs."""

from __future__ import annotations

from teahouse import N_, Setting

PRESET = "training.preset"
THREADS = "training.threads"
LENGTH = "training.longest_row"
HELD_OUT = "training.held_out"
SECRETS = "training.keep_secrets"
ASKED = "training.questions"
PRESETS = ("", "style", "facts")


def settings() -> list[Setting]:
    """All of them."""
    return [
        Setting(PRESET, str, "", N_("Usual preset"), N_(
            "What a run is for: “style”, “facts”, or empty to choose by the number of examples."), PRESETS),
        Setting(LENGTH, int, 1024, N_("Longest example"), N_(
            "Examples with more tokens are left out and told; long ones take much memory."), (32, 32768)),
        Setting(HELD_OUT, float, 0.1, N_("Held out"), N_(
            "Share of the examples that is not learned: how well the model answers them shows whether it"
            " understands or only repeats. With fewer than 20 examples none is held out."), (0.0, 0.5)),
        Setting(SECRETS, bool, False, N_("Learn what looks secret"), N_(
            "Examples that seem to hold a password, a key or a card number are left out unless this is on.")),
        Setting(ASKED, int, 5, N_("Questions asked meanwhile"), N_(
            "So many questions are answered again and again while the model learns; 0 asks none."), (0, 20)),
        Setting(THREADS, int, 0, N_("Processor threads"), N_(
            "How many train; 0 leaves it to torch."), (0, 512)),
    ]  # fmt: skip
