"""Customers: what they are worth, who may leave, and one customer at a time.

Rules about them stand in domain.customers, their rows in queries/views."""
