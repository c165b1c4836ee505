"""Widgets that more than one screen uses; each owns its messages."""
