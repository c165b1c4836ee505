"""Approved wording: letters and replies that people wrote, put together by code from facts and decided terms."""
