"""The Rasa project as input."""
