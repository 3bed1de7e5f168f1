"""Building blocks, each a ComponentResource. Rooms import `components.tags` and, downwards, each other's outputs only."""
