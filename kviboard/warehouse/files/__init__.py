"""Finds export files and reads them as text rows: CSV, JSON, spreadsheets, Parquet.
What the values mean is decided in `staging`.
"""
