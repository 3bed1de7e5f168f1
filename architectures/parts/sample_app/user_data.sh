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
@TOLD@=$(aws ssm get-parameter --region "$region" --name '@PARAMETER@' --query Parameter.Value --output text)
@DATABASE@
cat > /etc/systemd/system/app.service <<UNIT
[Unit]
Description=Application
After=network-online.target
Wants=network-online.target
[Service]
Environment=PORT=@PORT@ AWS_REGION=$region '@VARIABLE@=$@TOLD@'@IN_ZONE@
ExecStart=/usr/bin/python3 /srv/app/@RUN@
DynamicUser=yes
@WRITES@
Restart=always
[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now app.service
