"""Data in: tables of any shape, mapping files that say what they mean, and the rows that could not be used."""
