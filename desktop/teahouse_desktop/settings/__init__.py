"""The settings page and the keys of actions."""
