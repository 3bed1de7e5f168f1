"""Sessions in a table that all servers share: the cookie holds an id and nothing else, the table all the rest. For the application."""
