"""Host institutions and sending organizations of the world: names, places, parents, successors, search."""
