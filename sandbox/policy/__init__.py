"""The policy pack as an engine runs it: a process of its own, spoken to over gRPC."""

from .client import PolicyHost, PolicyInput, ProviderInput, Violation
from .configuration import PolicyConfigError

__all__ = ["PolicyConfigError", "PolicyHost", "PolicyInput", "ProviderInput", "Violation"]
