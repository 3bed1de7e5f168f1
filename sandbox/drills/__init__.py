"""Drills: what is deployed loses something, the machinery that is deployed acts, and what was promised is held against what happened."""
