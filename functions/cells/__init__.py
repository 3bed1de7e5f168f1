"""The router of a system of cells: which cell has a key, and where that one is."""
