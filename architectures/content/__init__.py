"""Users' files: kept in S3 in two regions, with a table of what each of them is."""
