"""The CrossGuard pack: resilience rules for any Pulumi AWS program, and the estimator of recovery time and data loss."""
