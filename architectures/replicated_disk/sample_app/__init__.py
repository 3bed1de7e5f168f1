"""A server that counts its visitors in a file of the mirrored disk, for a trial."""
