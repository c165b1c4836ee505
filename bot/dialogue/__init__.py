"""Talking: language understanding, repair, policy and rasa-sdk actions behind one small desk."""
