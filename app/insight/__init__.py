"""Figures: by year, country, host, course and kind of revisit, as of any date."""
