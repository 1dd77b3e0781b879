"""Finding passages: by words, by vectors, and both fused."""
