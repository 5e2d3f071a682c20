"""A made-up program, believable and always the same: for trying the system out and for measuring it."""
