# The files that this region's servers share are mounted when they are first used: they may come after this server.
dnf install -qy amazon-efs-utils || true
read -r files point < <(python3 -c 'import json, sys; f = json.loads(sys.argv[1])["files"]; print(f["fileSystem"], f["accessPoint"])' "$database")
install -d @MOUNTED@
echo "$files:/ @MOUNTED@ efs _netdev,noresvport,tls,iam,accesspoint=$point,nofail,x-systemd.automount 0 0" >> /etc/fstab
systemctl daemon-reload
systemctl start "$(systemd-escape --path --suffix=automount @MOUNTED@)" || true
