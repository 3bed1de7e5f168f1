"""Attaches the zone's volume and network interface to this machine, and writes down who it is. Runs at every start.

Needs Python's standard library and boto3. A volume and an interface of a machine that was lost are free when that one is gone.
"""

import glob
import json
import os
import subprocess
import sys
import time
import urllib.request

IMDS = "http://169.254.169.254/latest"
TRIES = 60


def about():
    """What the instance metadata service says of a path; empty where it has nothing."""
    asked = urllib.request.Request(
        f"{IMDS}/api/token", method="PUT", headers={"X-aws-ec2-metadata-token-ttl-seconds": "600"}
    )
    token = urllib.request.urlopen(asked, timeout=5).read().decode()

    def ask(path):
        request = urllib.request.Request(
            f"{IMDS}/meta-data/{path}", headers={"X-aws-ec2-metadata-token": token}
        )
        try:
            return urllib.request.urlopen(request, timeout=5).read().decode()
        except urllib.error.HTTPError:
            return ""

    return ask


def mac_of(ask, interface):
    """The hardware address of an interface, once it is attached; empty before."""
    macs = ask("network/interfaces/macs/").split()
    return next(
        (m.rstrip("/") for m in macs if ask(f"network/interfaces/macs/{m}interface-id") == interface), ""
    )


def device_of(volume):
    """https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html"""
    found = glob.glob(f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{volume.replace('-', '')}")
    return found[0] if found else ""


def until(there, attach):
    """Attach until it is there: the machine before may still have it."""
    for _ in range(TRIES):
        found = there()
        if found:
            return found
        try:
            attach()
        except Exception as error:  # whatever it is, it may pass
            print(repr(error), file=sys.stderr, flush=True)
        time.sleep(5)
    sys.exit("neither attached nor free")


def main():
    import boto3

    with open("/etc/mirror.json") as file:
        told = json.load(file)
    ask = about()
    zone, instance = ask("placement/availability-zone-id"), ask("instance-id")
    own = told["zones"][zone]
    ec2 = boto3.client("ec2", region_name=told["region"])
    device = until(
        lambda: device_of(own["volume"]),
        lambda: ec2.attach_volume(VolumeId=own["volume"], InstanceId=instance, Device="/dev/sdf"),
    )
    mac = until(
        lambda: mac_of(ask, own["interface"]),
        lambda: ec2.attach_network_interface(
            NetworkInterfaceId=own["interface"], InstanceId=instance, DeviceIndex=1
        ),
    )
    names = [
        name
        for name in os.listdir("/sys/class/net")
        if open(f"/sys/class/net/{name}/address").read().strip() == mac
    ]
    network = ask(f"network/interfaces/macs/{mac}/subnet-ipv4-cidr-block")
    member = ask("tags/instance/aws:autoscaling:groupName")
    if not (instance and member):
        sys.exit(
            "whose machine this is can't be found out"
        )  # a mark without a name would say that both halves are alike
    with open("/etc/mirror.json", "w") as file:
        json.dump({**told, "instance": instance, "member": member}, file)
    subprocess.run(
        ["/usr/local/sbin/mirror", "up", zone, device, names[0], own["address"], network], check=True
    )


if __name__ == "__main__":
    main()
