"""AWS and a Pulumi engine on this machine: the real program, unchanged, deployed without an account."""
