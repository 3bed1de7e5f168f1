"""A relational database in shards: each an instance of its own, with its own keys, copies and restores."""
