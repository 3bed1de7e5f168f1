cat > /etc/systemd/system/mirror-attach.service <<'UNIT'
[Unit]
Description=The mirrored disk's half of this zone
After=network-online.target
Wants=network-online.target
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/python3 /srv/mirror/attach.py
[Install]
WantedBy=multi-user.target
UNIT
cat > /etc/systemd/system/mirror-agent.service <<'UNIT'
[Unit]
Description=Lets the disk be primary while the lease grants it
After=mirror-attach.service
Requires=mirror-attach.service
[Service]
ExecStart=/usr/bin/python3 /srv/mirror/agent.py
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
UNIT
cat > /etc/systemd/system/mirrored.service <<'UNIT'
[Unit]
Description=The mirrored disk at /data, and the moving address: started and stopped by the agent
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/mirror mount
ExecStop=/usr/local/sbin/mirror unmount
UNIT
install -d /etc/systemd/system/app.service.d
cat > /etc/systemd/system/app.service.d/mirrored.conf <<'UNIT'
[Unit]
Requires=mirrored.service
After=mirrored.service
[Service]
TimeoutStopSec=5
UNIT
