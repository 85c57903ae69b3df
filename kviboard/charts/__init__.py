"""Charts with axes: a frame and what it means in, a Vega-Lite specification out; one theme.
What a number means is decided in `board`; tiles and sparklines are in `components`.
"""
