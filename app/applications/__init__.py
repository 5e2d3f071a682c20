"""The exchange plan: written in sections, submitted before the deadline, decided by JST."""
