"""From a clone to a running app: system packages, `.venv`, the engine's wheel, the models, the tests.

Runs on the plain Python that `packaging/find-python` found: only the standard library here.
"""
