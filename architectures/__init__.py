"""Whole systems, put together from components: the ground that they share, and one folder a kind."""
