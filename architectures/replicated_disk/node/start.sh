#!/bin/bash
# Sets the machine up at its first start. What serves is the unit app.service, which the agent starts where the disk is primary.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
if ! command -v drbdadm mkfs.xfs || ! python3 -c 'import boto3'; then
  apt-get update -q
  apt-get install -qy drbd-utils xfsprogs python3-boto3
fi
modinfo drbd softdog > /dev/null || apt-get install -qy "linux-modules-extra-$(uname -r)"
install -d /srv/mirror
base64 -d <<'PACKED' | tar -xz -C /srv/mirror
@PACKED@
PACKED
install -m 755 /srv/mirror/mirror.sh /usr/local/sbin/mirror
install -m 644 /srv/mirror/data.res /etc/drbd.d/data.res
install -m 644 /srv/mirror/mirror.json /etc/mirror.json
bash /srv/mirror/units.sh
cat > /run/start <<'STARTED'
@START@
STARTED
bash /run/start
systemctl daemon-reload
systemctl disable app.service || true
systemctl enable --now mirror-attach.service mirror-agent.service
