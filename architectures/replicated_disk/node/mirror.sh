#!/bin/bash
# up ZONE DEVICE LINK ADDRESS NETWORK: the disk's half and its network; mount, unmount: of who is primary, with the moving address.
set -euo pipefail
case "$1" in
up)
  hostnamectl set-hostname "$2" # by which drbdadm knows whose half this is
  ln -sfn "$3" /dev/mirror
  ip link set "$4" up
  ip address replace "$5/${6#*/}" dev "$4" noprefixroute
  # What comes from these two addresses leaves by this interface; a subnet's router is its second address.
  router=$(python3 -c 'import ipaddress, sys; print(ipaddress.ip_network(sys.argv[1])[1])' "$6")
  ip route replace "$router" dev "$4" table 100
  ip route replace default via "$router" dev "$4" table 100
  for own in "$5" @MOVING@; do
    ip rule list | grep -q "from $own lookup 100" || ip rule add from "$own" lookup 100
  done
  sysctl -q "net.ipv4.conf.$4.rp_filter=2"
  modprobe softdog
  modprobe drbd
  # An older copy keeps what it knows of itself; only a volume that was never part of a mirror is prepared.
  wipefs --noheadings --output TYPE "$3" | grep -qx drbd || drbdadm create-md --force data
  drbdadm up data
  ;;
mount)
  blkid /dev/drbd0 || mkfs.xfs /dev/drbd0
  install -d /data
  mountpoint -q /data || mount /dev/drbd0 /data
  ip address replace @MOVING@/32 dev lo
  ;;
unmount)
  ip address delete @MOVING@/32 dev lo || true
  ! mountpoint -q /data || umount /data
  ;;
esac
