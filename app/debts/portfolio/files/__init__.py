"""A portfolio as a file: what its columns mean, its rows as columns of numbers, part by part."""
