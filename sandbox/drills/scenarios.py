"""The drills that there are."""

from __future__ import annotations

from sandbox.drills.scenario import Act, Break, Loss, Scenario

ALL = (
    Scenario(
        name="instance",
        about="a server and the database's writer fail",
        breaks=Break.INSTANCE,
        act=Act.NONE,
        loses=Loss.NONE,
        elsewhere=False,
        failure="instance",
    ),
    Scenario(
        name="zone",
        about="the zone of the database's writer is lost",
        breaks=Break.ZONE,
        act=Act.NONE,
        loses=Loss.NONE,
        elsewhere=False,
        failure="zone",
    ),
    Scenario(
        name="region-loss",
        about="the region that serves is lost",
        breaks=Break.REGION,
        act=Act.TAKE_OVER,
        loses=Loss.LAG,
        elsewhere=True,
        failure="region",
    ),
    Scenario(
        name="corruption",
        about="every row is corrupted, and the database restored to the moment before, or rows out of the last backup",
        breaks=Break.ROWS,
        act=Act.RESTORE,
        loses=Loss.RESTORED,
        elsewhere=False,
        failure="corruption",
        every=30,
    ),
    Scenario(
        name="switchover",
        about="the system is moved to the other region as planned, and back",
        breaks=Break.NOTHING,
        act=Act.SWITCH,
        loses=Loss.NONE,
        elsewhere=True,
        failure="region",
        back=True,
    ),
    Scenario(
        name="bad-release",
        about="a release that doesn't start is rolled out, and rolled back",
        breaks=Break.RELEASE,
        act=Act.NONE,
        loses=Loss.NONE,
        elsewhere=False,
        every=60,
    ),
    Scenario(
        name="application",
        about="one zone's servers of the tier behind the first one fail",
        breaks=Break.TIER,
        act=Act.NONE,
        loses=Loss.NONE,
        elsewhere=False,
        failure="zone",  # but for its stores
    ),
)
BY_NAME = {each.name: each for each in ALL}
