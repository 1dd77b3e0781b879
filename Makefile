# Thin on purpose: the logic is in packaging/bootstrap.

# The raw text, so that a $ in ARGS arrives; it travels in the environment, where no shell reads it.
export TEAHOUSE_ARGS := $(value ARGS)
export TEAHOUSE_EXTRAS := $(value EXTRAS)
unexport ARGS EXTRAS

.PHONY: help run test check bench bench-train screenshots clean clean-cache

help:
	@echo "make run            install what is missing and open the window"
	@echo "                    ARGS='ask \"why is the sky blue?\"'   EXTRAS=train   PYTHON=python3.12"
	@echo "make test           all tests, on a private screen and without a network   ARGS='-k store'"
	@echo "make check          lint, format, types, structure"
	@echo "make bench          measure speed and cache on this machine; writes docs/measured.json   ARGS='engine cache'"
	@echo "                    ARGS=answers XQUAD=DIR measures answers on XQuAD, whose files lie in DIR"
	@echo "make bench-train    training against transformers, PEFT and TRL, in an environment of their own (1.5 GB)"
	@echo "make screenshots    pictures of the real window, every theme and language"
	@echo "make clean          remove .venv and what the tools left"
	@echo "make clean-cache    remove the compiled engine and the tests' model"

run test check bench bench-train screenshots clean clean-cache:
	@python=$$(sh packaging/find-python) && exec "$$python" packaging/bootstrap $@
