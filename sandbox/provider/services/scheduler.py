"""EventBridge Scheduler: schedules and their groups."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

_NAMED = {"GroupName": "in.groupName || 'default'", "Name": "in.name"}

SCHEDULE = simulated(
    "aws:scheduler/schedule:Schedule",
    id="join('/', [in.groupName || 'default', in.name])",
    read=Read("GetSchedule", _NAMED),
    update=(Call("UpdateSchedule", whole=True),),
    delete=(Call("DeleteSchedule", _NAMED),),
    replace=("groupName", "name"),
)

GROUP = simulated("aws:scheduler/scheduleGroup:ScheduleGroup", replace=("name",))

RESOURCES = (SCHEDULE, GROUP)
