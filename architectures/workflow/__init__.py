"""Orders that go from step to step, each undone when a later one fails, in state machines that two regions have."""
