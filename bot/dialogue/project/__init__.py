"""A Rasa 3 project as the input of the dialogue manager: read, checked, and interpreted as Rasa's RulePolicy does."""
