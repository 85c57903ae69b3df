"""Makes the sample company's exports from one seed. Reads nothing, knows nothing of the board."""
