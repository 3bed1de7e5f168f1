#!/bin/bash
# Installs the sample server as app.service. The agent starts it.
set -euo pipefail
install -d /srv/app
cat > /srv/app/app.py <<'APPLICATION'
@APPLICATION@
APPLICATION
cat > /etc/systemd/system/app.service <<'UNIT'
[Unit]
Description=Sample server
[Service]
Environment=PORT=@PORT@
ExecStart=/usr/bin/python3 /srv/app/app.py
Restart=always
UNIT
