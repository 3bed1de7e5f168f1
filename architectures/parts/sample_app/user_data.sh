#!/bin/bash
# Starts the application as a service. What it needs to know stands in Systems Manager, so the same image and script serve anywhere.
set -euo pipefail
install -d /srv/app
cat > /srv/app/@RUN@ <<'APPLICATION'
@APPLICATION@
APPLICATION
@MODULES@
token=$(curl -sfX PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
region=$(curl -sf -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/placement/region)
@ZONE@
cat > /srv/app/look <<'LOOK'
#!/bin/bash
# Where its data is, the application is told when it starts. That may change, as by a restore: then it starts anew, on the same server.
set -euo pipefail
found=$(aws ssm get-parameter --region "$1" --name '@PARAMETER@' --query Parameter.Value --output text)
said="@VARIABLE@='$found'"
[[ "$said" != "$(cat /srv/app/told 2>/dev/null)" ]] || exit 0
echo "$said" > /srv/app/told
! systemctl is-active --quiet app.service || systemctl restart app.service
LOOK
chmod 755 /srv/app/look
/srv/app/look "$region"
@TOLD@=$(cut -d"'" -f2 /srv/app/told)
@DATABASE@
cat > /etc/systemd/system/app.service <<UNIT
[Unit]
Description=Application
After=network-online.target
Wants=network-online.target
[Service]
Environment=PORT=@PORT@ AWS_REGION=$region@IN_ZONE@
EnvironmentFile=/srv/app/told
ExecStart=/usr/bin/python3 /srv/app/@RUN@
DynamicUser=yes
@WRITES@
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
cat > /etc/systemd/system/look.service <<UNIT
[Service]
Type=oneshot
ExecStart=/srv/app/look $region
UNIT
cat > /etc/systemd/system/look.timer <<UNIT
[Timer]
OnActiveSec=@LOOKS@
OnUnitActiveSec=@LOOKS@
AccuracySec=1
[Install]
WantedBy=timers.target
UNIT
systemctl daemon-reload
systemctl enable --now app.service look.timer
