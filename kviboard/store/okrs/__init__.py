"""OKRs as they are kept: cycles, objectives, key results, check-ins, and their life cycle."""
