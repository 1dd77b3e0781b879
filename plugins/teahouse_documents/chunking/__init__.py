"""Pieces cut into chunks of the embedder's size."""
