"""Pure rules: periods, KVIs, signals, OKRs. No I/O, no clock, no framework."""
