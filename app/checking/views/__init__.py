"""Pages of the formal check."""
