"""Voice: what customers say at which touchpoint, in which words, and what drives their score."""
