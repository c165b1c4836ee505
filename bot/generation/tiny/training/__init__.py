"""Makes the small writer: texts, composition, training and export; not needed to write."""
