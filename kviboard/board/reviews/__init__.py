"""Sprint reviews: which sprints there are, taking numbers, holding and freezing a review, the record.
What a record looks like in a file belongs to `documents.review`.
"""
