"""The rasa-sdk actions, one subject per module."""
