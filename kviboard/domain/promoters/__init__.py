"""What promoters, passives and detractors do differently, and what lifting customers from one band to the next is
worth: comparisons of groups, which prove no cause."""
