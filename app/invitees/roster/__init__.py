"""The participants' roster as it really arrives: from a sheet of cells to people, with questions instead of guesses."""
