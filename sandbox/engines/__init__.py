"""Engines: what runs the program against the sandbox's AWS."""
