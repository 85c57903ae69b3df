"""`kviboard kvi new`: the questions of the page's New KVI at a terminal or as options, and the KVI as it would be."""
