"""What kinds of system with an API before functions, and a table that both regions write, are put together from."""
