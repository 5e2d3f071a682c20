"""What one can apply for: courses and their rules of each fiscal year, and the rounds of the year."""
