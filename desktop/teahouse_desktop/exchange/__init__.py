"""Conversations out of the house and into it."""
