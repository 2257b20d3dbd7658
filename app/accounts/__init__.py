"""Staff: who may enter, what they may do, and the record of what they did."""
