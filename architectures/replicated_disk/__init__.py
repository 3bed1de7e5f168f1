"""Software that keeps its data on a disk: two machines in two zones mirror it block by block, and one of them serves."""
