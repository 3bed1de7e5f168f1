"""The principles that the pack was written against, and why some of them have no rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle. Rules name the numbers of those that they hold a program to."""

    text: str
    without: str = ""
    """Why no rule holds a program to it."""


PRINCIPLES: Final[dict[str, Principle]] = {
    "R01": Principle("a production database has a standby in another zone"),
    "R02": Principle("an Aurora cluster has members in two zones or more"),
    "R03": Principle("a store's subnet group spans zones"),
    "R04": Principle("a group of servers spans zones, with one server a zone at least"),
    "R05": Principle("a load balancer spans zones"),
    "R06": Principle("a group behind a load balancer asks it for health"),
    "R07": Principle("servers start from launch templates"),
    "R08": Principle("a cache fails over to a replica in another zone"),
    "R09": Principle("a file system can be mounted in each zone"),
    "R10": Principle("a search domain has three zones and dedicated masters"),
    "R11": Principle("a Kafka cluster keeps its quorum without a zone"),
    "R12": Principle("a warehouse has more than one node"),
    "R13": Principle("each zone leaves by a gateway of its own"),
    "R14": Principle(
        "servers stand in every zone that their database may fail over to",
        "the zone of a standby is AWS's choice; the rules on groups, subnet groups and members ask each for its zones",
    ),
    "R15": Principle("a service has two tasks in two zones or more"),
    "R16": Principle("targets are checked by an HTTP answer"),
    "R17": Principle("shallow and deep checks are told apart"),
    "R18": Principle("a failover pair is whole, and its primary is checked"),
    "R19": Principle("a health check asks a name, not an address"),
    "R20": Principle("records that move have a short time to live"),
    "R21": Principle("DNS is no load balancer of servers"),
    "R22": Principle("thresholds and draining are set, not left to defaults"),
    "R23": Principle("stickiness has a reason"),
    "R24": Principle("every store joins a backup plan"),
    "R25": Principle("backups are copied to another region"),
    "R26": Principle("buckets keep versions"),
    "R27": Principle("tables and their replicas go back in time"),
    "R28": Principle("what is replicated is backed up as well"),
    "R29": Principle("replicas are in other regions"),
    "R30": Principle("a relational store of tier 1 has a second region"),
    "R31": Principle("the way data is copied fits what may be lost"),
    "R32": Principle(
        "few synchronous copies, caches that hold no truth, large objects in S3", "a matter of design"
    ),
    "R33": Principle("a database of its own for each service", "which service uses a schema isn't declared"),
    "R34": Principle("stores are protected from deletion"),
    "R35": Principle("only load balancers and gateways have public addresses"),
    "R36": Principle("databases let in security groups, not address ranges"),
    "R37": Principle(
        "production shares no network with other environments", "a stack shows one environment only"
    ),
    "R38": Principle("data at rest is under a key of its region"),
    "R39": Principle("data on its way is encrypted"),
    "R40": Principle("public fronts have a web firewall"),
    "R41": Principle("nobody logs in by SSH or RDP"),
    "R42": Principle("no users and no access keys"),
    "R43": Principle("nobody may do everything everywhere"),
    "R44": Principle("trails are of every region and validated"),
    "R45": Principle(
        "a configuration recorder with a rule for tags",
        "it is the account's, in a stack of its own; `aws-resource-required-tags` asks for the tags before they are missing",
    ),
    "R46": Principle("logs are kept for a stated time"),
    "R47": Principle("pipelines are trusted by repository and branch"),
    "R48": Principle("buckets are closed, sites are read through the edge"),
    "R49": Principle("every route asks who calls"),
    "R50": Principle("data stays in the allowed regions"),
    "R51": Principle("a queue has one for dead letters"),
    "R52": Principle(
        "what takes longer than an API waits is asynchronous",
        "AWS refuses longer time-outs where they are set",
    ),
    "R53": Principle(
        "a function is short and keeps nothing",
        "AWS refuses more than 900 s; state can't be seen in a declaration",
    ),
    "R54": Principle("functions leave a database enough connections"),
    "R55": Principle("tasks of a workflow retry and catch"),
    "R56": Principle("others are found by name"),
    "R57": Principle(
        "traffic inside doesn't go round by the outside", "which service calls which isn't declared"
    ),
    "R58": Principle("a deployment rolls back by itself"),
    "R59": Principle("images are fixed and scanned"),
    "R60": Principle("APIs call a version of a function"),
    "R61": Principle(
        "who builds doesn't deploy", "which role a pipeline's step uses is beyond its declaration"
    ),
    "R62": Principle("experiments can be stopped"),
    "R63": Principle("alarms act"),
    "R64": Principle("resources say whose they are and what they promise"),
    "R65": Principle("the strategy reaches what the tier promises"),
    "R66": Principle(
        "drills are held",
        "a drill's date is no property of a resource; the sandbox's drills are held with every change",
    ),
    "R67": Principle(
        "what isn't production sleeps at night", "cost outside of production; nothing recovers by it"
    ),
    "R68": Principle("machines are of the current generation"),
    "R69": Principle("Spot has a base that stays"),
    "R70": Principle("commit after measuring, scale out before up", "a matter of design"),
    "R71": Principle("objects have a life cycle"),
    "R72": Principle("retired services are left alone"),
    "R73": Principle("images and start-up data carry no secret and no address"),
    "R74": Principle("servers are replaced, not patched"),
    "R75": Principle("calls can be repeated, contracts stay compatible", "a matter of design"),
    "R76": Principle(
        "one workload, one region, but for its recovery",
        "what stands in a second region for recovery and what strayed there look alike; `aws-resource-allowed-regions` bounds both",
    ),
    "R77": Principle("no state on a server's disk", "a matter of design"),
    "R78": Principle(
        "the standby has what the active stack has",
        "the pack sees one stack; the estimator holds both together: python -m policies.recovery with the exports of both",
    ),
}
