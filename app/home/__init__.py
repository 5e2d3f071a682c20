"""What needs you now, for each audience; language, help and public pages."""
