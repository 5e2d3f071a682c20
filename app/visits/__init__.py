"""The adopted plan takes place: dates, schedule, roster, papers, calendar."""
