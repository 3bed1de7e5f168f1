"""The engine for machines without the Pulumi CLI: the unchanged program on the SDK's own mock monitor."""

from sandbox.engines.runner.engine import RunnerEngine

__all__ = ["RunnerEngine"]
