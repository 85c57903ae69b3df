"""The meeting on the big screen: steps, keys, what people type while it runs.
The story it shows is `documents.review`.
"""
