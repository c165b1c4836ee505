"""Plays retention policies against the company whose true effects are known, and proves the estimators on it."""
