"""Who signs in: users, roles, sessions, invitations and links."""
