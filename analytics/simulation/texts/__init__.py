"""What simulated customers and agents write: a bank of sentences and the grammar that joins them."""
