"""What every rule stands on: values that may be unknown, resources, their graph, metadata, configuration, the protocol."""
