"""Knowing: pure functions and models over frames; only `analytics.jobs` touches the store."""
