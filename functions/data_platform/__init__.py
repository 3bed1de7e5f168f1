"""Keeps the snapshots of a search domain: takes them in one region, restores them in the other."""
