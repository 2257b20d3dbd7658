"""Every outside system, behind small contracts; one file a vendor."""
