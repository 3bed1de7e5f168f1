"""Step scaling, which moto keeps and can't carry out: an alarm that rings takes the step that begins at its threshold.

By how much it was passed isn't told to a policy here. https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def install() -> None:
    """Patch the carrying out of policies."""
    from moto.autoscaling.models import FakeScalingPolicy

    FakeScalingPolicy.execute = _execute(FakeScalingPolicy.execute)


def _execute(original: Callable[[Any], None]) -> Callable[[Any], None]:
    def execute(policy: Any) -> None:
        steps = policy.step_adjustments or []
        if policy.policy_type == "StepScaling":
            fitting = [step for step in steps if float(step.get("MetricIntervalLowerBound") or 0) == 0]
            policy.scaling_adjustment = int(fitting[0]["ScalingAdjustment"])
        original(policy)

    return execute
