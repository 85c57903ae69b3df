"""Small pieces of HTML and SVG that pages and documents share: tiles, statuses, sparklines.
What they say is decided in `board`; charts with axes are in `charts`.
"""
