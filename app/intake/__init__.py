"""Where every webhook enters: what arrived is kept first, then understood."""
