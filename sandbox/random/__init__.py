"""The `random` package's provider: names, ids and passwords that programs make before they give them to AWS."""
