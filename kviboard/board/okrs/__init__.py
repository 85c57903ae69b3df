"""OKRs as pages ask for them: a quarter, an objective's story, forms checked and saved.
The rules are in `domain.okrs`, what is kept in `store`.
"""
