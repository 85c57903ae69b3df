"""The outside-in check and the rewards as they are kept: answers without who gave them."""
