"""The exports as people see them: files, rows, reach, uploads, refreshes.
Reading them belongs to `warehouse`.
"""
