"""Search over data that outlives its region."""
