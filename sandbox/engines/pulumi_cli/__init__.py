"""The engine wherever the Pulumi CLI is on PATH: the real one, with the sandbox's provider attached to it."""
