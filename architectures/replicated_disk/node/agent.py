"""Lets this machine's disk be primary while the lease grants it, and at no other time. `agent.py outdate` is DRBD's handler.

Needs Python's standard library and boto3. What is guaranteed stands in functions/active_standby/mirror.py.
"""

import fcntl
import json
import struct
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

OUTDATED, FAILED = 4, 1  # of a fence-peer handler: the peer was outdated; it wasn't, and writes stay frozen


class Table:
    """The lease, for one instance of a member."""

    def __init__(self, client, name, pair, instance, member):
        self.client, self.name, self.key = client, name, {"pair": {"S": pair}}
        self.instance, self.member = instance, member

    def read(self):
        """The lease as it is now."""
        found = self.client.get_item(TableName=self.name, Key=self.key, ConsistentRead=True).get("Item", {})
        return {name: next(iter(value.values())) for name, value in found.items()}

    def renew(self, grant):
        """Show that the grant's holder lives. None: it is no longer granted, or another one is to serve. Else the lease."""
        return self._write(
            "SET renewed = if_not_exists(renewed, :zero) + :one", grant, "instance = :me", zero=0, one=1
        )

    def release(self, grant):
        """Give the grant back: this machine isn't primary."""
        return self._write("SET #primary = :nobody", grant, nobody="")

    def outdate(self, grant):
        """Mark the peer: it lacks what is written from now on. None: it may have become primary, so nothing may be written."""
        change = "SET sole = :mine, fence = if_not_exists(fence, :zero) + :one"
        return self._write(change, grant, "instance = :me", mine=self.member, zero=0, one=1)

    def current(self, grant, fence):
        """Take the mark away, which the peer has caught up with, unless it was made again since."""
        return self._write("SET sole = :both", grant, "fence = :fence", both="", fence=int(fence))

    def form(self, grant):
        """Begin the first copy, here: the peer has nothing yet."""
        change = "SET formed = :mine, sole = :mine, fence = if_not_exists(fence, :zero) + :one"
        none = "instance = :me AND (attribute_not_exists(formed) OR formed = :mine)"
        return self._write(change, grant, none, mine=self.member, zero=0, one=1)

    def whole(self, grant):
        """The first copy is there: no disk is ever made primary by force again."""
        return self._write("SET formed = :whole", grant, whole="whole")

    def _write(self, change, grant, also="", **values):
        values = {"me": self.instance, "grant": int(grant), **values}
        condition = "#primary = :me AND granted = :grant" + (f" AND {also}" if also else "")
        try:
            found = self.client.update_item(
                TableName=self.name,
                Key=self.key,
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#primary": "primary"},
                ExpressionAttributeValues={
                    f":{name}": {"N": str(value)} if isinstance(value, int) else {"S": value}
                    for name, value in values.items()
                },
                ReturnValues="ALL_NEW",
            )
        except self.client.exceptions.ConditionalCheckFailedException:
            return None
        return {name: next(iter(value.values())) for name, value in found["Attributes"].items()}


class Agent:
    """What is decided each second. `disk` and `dog` act; `clock` counts while the machine is suspended."""

    def __init__(self, table, disk, dog, clock, right):
        self.table, self.disk, self.dog, self.clock, self.right = table, disk, dog, clock, right
        self.grant, self.sent, self.turned = 0, 0.0, clock()

    def turn(self):
        """Renew and be primary, or be none. Raises what the table or the disk raise: the next turn tries again."""
        if self.grant and self.disk.primary() and self.clock() - self.sent > self.right:
            self.demote()  # nobody answers: what the lease says now is unknown
        asked = self.clock()
        if self.grant:
            lease = self.table.renew(self.grant)
            if lease is None:
                self.demote()
                self.table.release(self.grant)
                self.grant = 0
                return
            self.sent = asked
            self.serve(lease)
        else:
            lease = self.table.read()
            mine = lease.get("primary") == self.table.instance
            if self.disk.primary() and not mine:
                self.demote()
            if mine:
                self.grant, self.sent = int(lease["granted"]), asked - self.right  # not before a renewal
        self.turned = self.clock()

    def serve(self, lease):
        """Be primary, in the time that the renewal gives."""
        self.dog.pet()
        if self.clock() - self.sent > self.right:
            return
        first = lease.get("formed") != "whole"
        if not self.disk.primary():
            if first and self.table.form(self.grant) is None:
                raise RuntimeError("the other one makes the first copy")
            self.disk.promote(force=first)
        if first:
            self.table.whole(self.grant)
        self.disk.start()
        if lease.get("sole") == self.table.member and self.disk.mirrored():
            self.table.current(self.grant, lease["fence"])  # a mark made since then has another number

    def demote(self):
        """Stop what serves and be primary no longer; the watchdog resets a machine that can't."""
        self.disk.demote()
        self.dog.rest()


class Dog:
    """The kernel's watchdog: resets the machine when it wasn't petted for so long."""

    def __init__(self, seconds):
        self.seconds, self.device = seconds, None

    def pet(self):
        if self.device is None:
            self.device = open("/dev/watchdog", "wb", buffering=0)
            fcntl.ioctl(self.device, 0xC0045706, struct.pack("i", self.seconds))  # WDIOC_SETTIMEOUT
        self.device.write(b"1")

    def rest(self):
        if self.device is not None:
            self.device.write(b"V")  # else closing it would be taken for a crash
            self.device.close()
            self.device = None


class Disk:
    """The resource `data`; `mirrored.service` mounts it and takes the address, `app.service` is what serves."""

    def primary(self):
        return self._say("role").startswith("Primary")

    def mirrored(self):
        return self._say("cstate") == "Connected" and self._say("dstate") == "UpToDate/UpToDate"

    def promote(self, force):
        self._do("drbdadm", "primary", *(["--force"] if force else []), "data")

    def start(self):
        """Have it mounted, and what serves started, while renewals go on: a file system may be repaired for long."""
        self._do("systemctl", "start", "--no-block", "mirrored.service", "app.service")

    def demote(self):
        self._do("systemctl", "stop", "app.service", "mirrored.service")
        self._do("drbdadm", "secondary", "data")

    def up(self):
        return self._say("cstate") not in ("", "Unconfigured")

    def _say(self, what):
        return subprocess.run(
            ["drbdadm", what, "data"], capture_output=True, text=True, timeout=5
        ).stdout.strip()

    def _do(self, *words):
        subprocess.run(words, check=True, timeout=60)


def elapsed():
    """Seconds, also while the machine is suspended."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def answering(agent, port, most):
    """Tell the load balancer whether the disk is there and the agent turns, whoever is primary."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if elapsed() - agent.turned < most and agent.disk.up() else 503)
            self.end_headers()

        def log_message(self, *_):
            pass

    threading.Thread(target=ThreadingHTTPServer(("", port), Handler).serve_forever, daemon=True).start()


def table(told):
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
    client = boto3.client("dynamodb", region_name=told["region"], config=config)
    return Table(client, told["table"], told["pair"], told["instance"], told["member"])


def main(told):
    agent = Agent(table(told), Disk(), Dog(told["watchdog"]), elapsed, told["right"])
    answering(agent, told["port"], 5 * told["right"])
    while True:
        try:
            agent.turn()
        except Exception as error:  # whatever it is, the next turn tries again
            print(repr(error), file=sys.stderr, flush=True)
        time.sleep(told["renew"])


def outdate(found):
    """DRBD's handler: the connection is lost, and writes are frozen until this says that the peer can't become primary."""
    for _ in range(2):
        try:
            lease = found.read()
            return FAILED if found.outdate(lease.get("granted", 0)) is None else OUTDATED
        except Exception as error:  # unsure whether it was written: ask again
            print(repr(error), file=sys.stderr, flush=True)
    return FAILED


if __name__ == "__main__":
    with open("/etc/mirror.json") as file:
        TOLD = json.load(file)
    if sys.argv[1:] == ["outdate"]:
        sys.exit(outdate(table(TOLD)))
    main(TOLD)
