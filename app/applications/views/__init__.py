"""Pages of exchange plans, by cluster: list, beginning and sections, submission, one plan, rounds, papers."""
