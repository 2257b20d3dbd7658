"""How the company works: the settings that its people change in the product."""
