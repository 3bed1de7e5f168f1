"""What the user sees: progress while an engine works, a summary at the end, or one JSON document."""
