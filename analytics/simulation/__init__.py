"""A subscription business with known truth: customers, events and messages, and beside them what caused them."""
