"""What is called of the schedules of a system of workers."""

from __future__ import annotations

import pulumi

from components.messaging import QueueSchedules

KEPT = (
    "Name",
    "GroupName",
    "Description",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "FlexibleTimeWindow",
    "Target",
    "KmsKeyArn",
)
"""What the program says of a schedule besides its state: what an update leaves out, AWS sets back.
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html"""


def of_schedules(
    schedules: QueueSchedules, region: str, undelivered: pulumi.Output[str]
) -> dict[str, pulumi.Input[str]]:
    """What looks at each, enables it and disables it, a line each; `undelivered` is the queue of what could not be sent."""
    own = f"--region {region} --group-name {schedules.group_name} --name "
    read = "{" + ", ".join(f"{each}: {each}" for each in KEPT) + "}"

    def switched(state: str) -> str:
        return "\n".join(
            f"    aws scheduler update-schedule --region {region} --state {state} --cli-input-json "
            f"\"$(aws scheduler get-schedule {own}{each} --output json --query '{read}')\""
            for each in schedules.names
        )

    return {
        "GROUP": schedules.group_name,
        "SCHEDULED": "\n".join(f"    aws scheduler get-schedule {own}{each}" for each in schedules.names),
        "ENABLE": switched("ENABLED"),
        "DISABLE": switched("DISABLED"),
        "UNDELIVERED": undelivered,
    }
