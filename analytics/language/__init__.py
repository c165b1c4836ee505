"""Reading what customers write: sentiment, anger, intents, entities, topics, and the trend of mood."""
