"""Turning a brief into text: briefs, facts, writers, and the guard that reads every text."""
