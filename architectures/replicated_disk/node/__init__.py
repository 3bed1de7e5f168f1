"""What runs on each of the two machines: the disk's set-up, and the agent that alone makes it primary."""
