"""The two programs that a fresh deployment runs until yours take their place."""
