"""One contract's statement on a day (§5): lines, charges, bands, what to look at."""
