"""The panel “Probabilities”: what the model could have said at each token, and going on from another choice.

`reading` is a text with its tokens, `works` reads, scores and explains it beside the window, `parts` is what
all pages share of drawing it; the pages are `replied`, `stepping`, `compared`, `cut` and `sent`, and `panel`
holds them.
"""
