#!/bin/bash
# Sets the machine up at its first start. What serves is the unit app.service, which the agent starts where the disk is primary.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
install() { apt-get -o DPkg::Lock::Timeout=300 install -qy "$@"; }
if ! { command -v drbdadm && command -v mkfs.xfs && python3 -c 'import boto3'; }; then
  apt-get -o DPkg::Lock::Timeout=300 update -q
  install drbd-utils xfsprogs python3-boto3
fi
modinfo drbd softdog > /dev/null || install "linux-modules-extra-$(uname -r)"
systemctl disable --now drbd.service || true # it waits for the other half when it starts
mkdir -p /srv/mirror
base64 -d <<'PACKED' | tar -xz -C /srv/mirror
@PACKED@
PACKED
cp /srv/mirror/mirror.sh /usr/local/sbin/mirror
chmod 755 /usr/local/sbin/mirror
cp /srv/mirror/data.res /etc/drbd.d/data.res
cp /srv/mirror/mirror.json /etc/mirror.json
bash /srv/mirror/units.sh
cat > /run/start <<'STARTED'
@START@
STARTED
bash /run/start
systemctl daemon-reload
systemctl disable app.service || true
systemctl enable --now mirror-attach.service mirror-agent.service
