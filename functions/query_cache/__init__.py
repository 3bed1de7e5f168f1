"""Results of queries kept in a cache that is never the truth: what it doesn't answer, the database does. For the application."""
