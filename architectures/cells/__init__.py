"""Several copies of a system, each with its own keys (tenants, accounts), and a router that sends a request to the copy of its key."""
