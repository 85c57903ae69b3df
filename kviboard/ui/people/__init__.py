"""My page: what waits for somebody, what is said to them, what they own and predicted. Named like `board.people`."""
