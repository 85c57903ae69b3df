"""The Promoters page: scores, bands over time, moves between bands, loyalty and the business case."""
