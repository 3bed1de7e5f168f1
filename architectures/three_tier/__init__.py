"""A web system of three tiers: load balancer, auto-scaled application, Aurora Global Database."""
