#!/bin/bash
# Sets a worker up at its instance's first start. An instance that can't be one is switched off: its group launches another.
set -euo pipefail
trap 'shutdown -h now' ERR
cat > /etc/worker.env <<'TOLD'
@TOLD@
TOLD
@START@
