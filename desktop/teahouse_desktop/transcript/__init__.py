"""The painted view of a conversation."""
