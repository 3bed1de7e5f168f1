"""Moves a system's cache and files to its own region, for a plan of Region switch."""
