"""The first steps: language, what this machine has, a first model."""
