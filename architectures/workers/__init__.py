"""Workers behind queues: what producers send waits until somebody has worked it off, in the region that it was sent to."""
