"""What everybody in a meeting is asked, on a phone of their own. Nobody sees another's answer before it is revealed."""
