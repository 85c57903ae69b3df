"""The Voice page: words, comments, touchpoints, drivers and complaints."""
