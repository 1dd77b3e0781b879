"""Two conversations side by side, and one question answered in two ways."""
