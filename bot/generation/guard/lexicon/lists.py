"""How the word lists of the lexicon are written down."""


def wordset(*lines: str) -> frozenset[str]:
    """The words of lines of text, as a set."""
    return frozenset(word for line in lines for word in line.split())
