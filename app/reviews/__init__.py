"""審査: outside experts, their conflicts of interest, which plans they read, what they say of them."""
