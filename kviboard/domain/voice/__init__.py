"""What customers say: words told apart, touchpoints and complaints compared, what pulls the score."""
