python=/usr/bin/python3.12
if ! $python -c 'import boto3'; then
  dnf install -qy python3.12 python3.12-pip
  $python -m pip install -q 'boto3>=1.34,<2'
fi
install -d /srv/worker
base64 -d <<'PACKED' | tar -xz -C /srv/worker
@PACKED@
PACKED
cat > /etc/systemd/system/worker.service <<UNIT
[Unit]
Description=Worker of a queue
After=network-online.target
Wants=network-online.target
[Service]
EnvironmentFile=/etc/worker.env
WorkingDirectory=/srv/worker
ExecStart=$python -m functions.workers.server
DynamicUser=yes
Restart=on-failure
RestartSec=5
TimeoutStopSec=@STOP@
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now worker.service
