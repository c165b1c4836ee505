"""Rows in, rows out: one repository per part of the ledger; callers commit."""
