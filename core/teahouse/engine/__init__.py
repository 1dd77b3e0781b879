"""The engine: what runs in a model's child process, and the app's side of it."""
