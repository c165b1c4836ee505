"""A writer in a process of its own: its memory, its slowness and its crashes are not those of mainstay."""
