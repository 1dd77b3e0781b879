"""The page of plugins: those here, the gallery, installing and removing."""
