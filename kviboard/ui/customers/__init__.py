"""The Customers page: whom we win, keep and grow, what they are worth, who may leave, and one customer at a time."""
