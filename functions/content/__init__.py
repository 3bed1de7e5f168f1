"""What keeps a table of a bucket's objects true to them: the bucket decides, the table follows."""
