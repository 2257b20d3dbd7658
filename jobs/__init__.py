"""What the workers run: each job finds a row by its id and calls one service function."""
