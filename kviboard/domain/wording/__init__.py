"""The wording coach: whether a sentence says what changes for the customer.
Its words are data in `lexicon`; it asks and never forbids.
"""
