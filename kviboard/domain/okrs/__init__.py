"""The rules of OKRs: progress, status, confidence, forecast, lifecycle, alignment.
What people typed is kept by `store`; judging it against KVIs belongs to `board.okrs`.
"""
