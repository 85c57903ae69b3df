"""Looks into export files that nothing is known of yet, and writes the SELECTs that renaming cannot replace."""
