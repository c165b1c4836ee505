"""Numbers as people write them: digits, words, fractions and multiples in seven languages."""
