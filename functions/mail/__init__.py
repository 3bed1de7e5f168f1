"""What works off mail that waits to be sent, and writes down what becomes of it."""
