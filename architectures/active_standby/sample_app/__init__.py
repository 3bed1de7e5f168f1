"""A server that keeps its state in memory, for a trial of the pair: two of them would each know something else."""
