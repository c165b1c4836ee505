"""The five screens and the dialogs that they open."""
