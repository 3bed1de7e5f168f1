"""What several kinds of system are put together from: keys of a site, its content and records, the shelf of runbooks."""
