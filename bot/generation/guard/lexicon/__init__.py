"""Words of seven languages, by what they mean to the guard."""
