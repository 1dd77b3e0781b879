"""The pages that take the place of the chat, and what changes between them."""
