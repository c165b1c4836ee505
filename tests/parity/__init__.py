"""The same conversations with a real Rasa server and with the dialogue manager."""
