"""One reader for each service: what it declares as units, and the ways back that they have."""
