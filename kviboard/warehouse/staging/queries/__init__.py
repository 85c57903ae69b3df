"""A staging query opened: the sources it reads, under which of our names, and where they do not fit it.
What is true of a customer in every source stands here, too.
"""
