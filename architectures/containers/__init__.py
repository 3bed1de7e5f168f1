"""Services in containers on one ECS cluster: paths for those that face outside, names for those that call each other."""
