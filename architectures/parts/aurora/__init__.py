"""An Aurora Global Database of a system: its keys and checks, what its component is given, and a region's clusters."""
