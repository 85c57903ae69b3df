"""The forms of the OKRs page, one module each; `drawer` lists them.
What is typed is checked and saved by `board.okrs`.
"""
