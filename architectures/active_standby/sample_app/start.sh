#!/bin/bash
# Starts the sample server as a service.
set -euo pipefail
install -d /srv/app
cat > /srv/app/app.py <<'APPLICATION'
@APPLICATION@
APPLICATION
cat > /etc/systemd/system/app.service <<UNIT
[Unit]
Description=Sample server
After=network-online.target
Wants=network-online.target
[Service]
Environment=PORT=@PORT@
ExecStart=/usr/bin/python3 /srv/app/app.py
DynamicUser=yes
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now app.service
