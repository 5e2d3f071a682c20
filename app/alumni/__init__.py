"""Former invitees: their profile in their own hands, and their returns to Japan."""
