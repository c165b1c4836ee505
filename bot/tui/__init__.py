"""The terminal UI: thin screens over one desk; the only home of textual."""
