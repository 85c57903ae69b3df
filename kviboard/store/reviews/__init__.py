"""Sprint reviews as they are kept: what was frozen, and what everybody predicted, decided, said and chose."""
