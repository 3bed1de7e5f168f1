#!/bin/bash
# Attaches the data disk of this instance's zone and mounts it; then starts what is to run. The disk of an instance that was lost is free
# when that one is gone.
set -euo pipefail
asked=http://169.254.169.254/latest
token=$(curl -sfX PUT $asked/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
about() { curl -sf -H "X-aws-ec2-metadata-token: $token" "$asked/meta-data/$1"; }
zone=$(about placement/availability-zone-id)
case "$zone" in
@DISKS@
*) echo "no disk in $zone" >&2; exit 1 ;;
esac
for _ in $(seq 60); do
  aws ec2 attach-volume --region "$(about placement/region)" --volume-id "$disk" --instance-id "$(about instance-id)" --device /dev/sdf && break
  sleep 5
done
# https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html
device=/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${disk/-/}
for _ in $(seq 60); do test -e "$device" && break; sleep 1; done
blkid "$device" || mkfs.xfs "$device"
install -d /data
echo "$device /data xfs defaults,nofail 0 2" >> /etc/fstab
mount /data
cat > /run/start <<'STARTED'
@START@
STARTED
chmod +x /run/start
exec /run/start
