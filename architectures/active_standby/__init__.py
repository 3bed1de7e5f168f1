"""Software that can't be clustered: two instances in two zones, one of which serves."""
