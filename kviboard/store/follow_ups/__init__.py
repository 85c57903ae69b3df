"""Follow-ups of what customers answered, as they are kept."""
