"""Where people write: the field, files, slash commands, prompts, messages that wait."""
