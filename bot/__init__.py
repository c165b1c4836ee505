"""Talking: terminal UI, command line, drafting, conversation."""
