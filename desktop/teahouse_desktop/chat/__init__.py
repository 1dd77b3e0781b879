"""The open conversation: its replies, what was sent for them, what can be said of them."""
