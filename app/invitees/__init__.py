"""Persons across years: their names as in the passport, and the passport itself."""
