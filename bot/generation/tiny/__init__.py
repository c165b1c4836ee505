"""The small writer that ships: an own model of texts whose facts are slots, run without torch."""
