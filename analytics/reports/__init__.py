"""Churn reports: from what a store says to one document, and from the document to page, text, JSON and workbook."""
