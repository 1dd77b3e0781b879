"""Models: chosen, loaded, fetched, looked up, their own settings."""
