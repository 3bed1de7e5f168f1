"""Clients that find a service's instances by Cloud Map, and balance among them themselves: boto3 and Python's standard library."""
