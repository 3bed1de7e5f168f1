"""Says whether another region still answers."""
