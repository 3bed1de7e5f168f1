"""What begins batch jobs."""
