"""The two ends of a workflow: what accepts orders, and what takes them up again."""
