"""Measures forecasts honestly: metrics, intervals, out-of-fold and time-forward protocols."""
