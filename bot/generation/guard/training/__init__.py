"""Makes the guard's reading of conduct: texts, tuning and export; not needed to check a text."""
