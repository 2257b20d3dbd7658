"""Labels: short coloured names that staff put on conversations and contacts."""
