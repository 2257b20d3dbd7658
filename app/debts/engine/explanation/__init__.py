"""How each number came about (§8): its formula with the operands in it, dates, months, rule."""
