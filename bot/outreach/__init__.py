"""Handing over what people approved: e-mail messages, export files, approvals."""
