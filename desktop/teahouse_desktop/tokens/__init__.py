"""Tokens on the screen: a text cut into them, each in the colour of a number, and what else it could be.

`token` is what is known of one, `marks` how its bytes are shown, `palette` which colour stands for which
number, `flow` where each stands, `view` what people see, walk through and copy; `stages` reads what the
engine explains, `bars` draws it; `words` says it. Plugins use `TokenView`, `Legend` and `ProbabilityBars`.
"""
