"""Measures writers on briefs: what the guard, the clock and the texts themselves say, and pages for people to read."""
