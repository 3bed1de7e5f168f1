"""Which shard has a key, which members a customer has, and one migration for all shards."""
