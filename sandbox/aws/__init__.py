"""The sandbox's AWS: a moto server on loopback, with what moto lacks added from outside."""
