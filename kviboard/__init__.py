"""KVI Board: Key Value Indicators and customer-perspective OKRs over a company's exported data."""

__version__ = "0.1.0"
