"""Forms 1 and 2 of security export control: given once by an institution, used by every plan of it while they last."""
