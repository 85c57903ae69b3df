"""What leaves the app: minutes and digests, from one description of what they say."""
