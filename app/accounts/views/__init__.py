"""Pages of accounts, by cluster: the door, links by mail, one's own account, colleagues."""
