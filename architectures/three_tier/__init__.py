"""A web system of three tiers: load balancer, auto-scaled application, Aurora Global Database, and further stores where asked for."""
