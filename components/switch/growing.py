"""How a state machine makes an Auto Scaling group grow and waits until what is in it serves, as data."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from components.switch.calls import Pace, State, call, wait

SERVING = "$.AutoScalingGroups[0].Instances[?(@.LifecycleState == 'InService')]"


def growing(
    *,
    what: str,
    label: str,
    group_name: pulumi.Input[str],
    least: int,
    pace: Pace,
    start: Callable[[str, str], State],
) -> dict[str, State]:
    """Start what the group lacks until `least` are in service; never fewer than there are.

    `what` and `label` tell the states apart. `start` makes the call, of the name of the state that looks again and of the one that waits
    until then.
    """
    look, enough, begin, rest, done = (
        "-".join(filter(None, (said.format(what), label)))
        for said in ("LookAt{}", "Enough{}", "Start{}", "Await{}", "{}Serve")
    )
    few = {"Variable": "$.group.desired", "NumericLessThan": least, "Next": begin}
    all_serve = {"Variable": "$.group.serving", "NumericGreaterThanEquals": least, "Next": done}
    counted = {
        "desired.$": "$.AutoScalingGroups[0].DesiredCapacity",
        "serving.$": f"States.ArrayLength({SERVING})",
    }
    return {
        look: call(
            "autoscaling:describeAutoScalingGroups",
            {"AutoScalingGroupNames": [group_name]},
            pace,
            ResultSelector=counted,
            ResultPath="$.group",
            Next=enough,
        ),
        enough: {"Type": "Choice", "Choices": [few, all_serve], "Default": rest},
        begin: start(look, rest),
        rest: wait(pace, look),
        done: {"Type": "Succeed"},
    }
