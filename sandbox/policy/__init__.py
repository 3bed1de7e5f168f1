"""The policy pack as an engine runs it: a process of its own, spoken to over gRPC."""

from .client import PolicyConfigError, PolicyHost, PolicyInput, ProviderInput, Violation

__all__ = ["PolicyConfigError", "PolicyHost", "PolicyInput", "ProviderInput", "Violation"]
