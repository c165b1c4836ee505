"""Deciding what to offer: catalogue, engagement and contact policy, holdout, arbitration and its trace."""
