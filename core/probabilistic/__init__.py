"""Forecasts that are distributions: what they are, what they must beat, and how they are judged."""
