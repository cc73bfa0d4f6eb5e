#!/bin/bash
# One machine on which Netdata is installed, in mount, network and host-name namespaces of its own: nothing that happens inside is seen
# outside, and nobody outside the loopback interface of the namespace can be reached. Run as root by namespace.ts:
#
#   unshare --mount --net --uts -- namespace-setup.sh CHECKOUT NODE SHARED
#
# CHECKOUT: where the built programs are; NODE: the node binary; SHARED: a folder that both sides see. Prints `ready` when the machine
# stands, lives until its standard input ends, and then kills, one by one, whatever still runs inside.
set -euo pipefail
checkout=$1 node=$2 shared=$3

end() {
  trap - EXIT
  # By network: what runs inside may have files of its own.
  local mine pid left=yes
  mine=$(readlink /proc/self/ns/net)
  while [[ $left ]]; do
    left=
    for process in /proc/[0-9]*; do
      pid=${process#/proc/}
      [[ $pid != "$$" && $pid != "$BASHPID" && $(readlink "$process/ns/net" 2>/dev/null) == "$mine" ]] || continue
      # A zombie waits for its parent, not for us.
      grep -q '^State:[[:space:]]*Z' "$process/status" 2>/dev/null && continue
      kill -KILL "$pid" 2>/dev/null && left=yes
    done
  done
}
trap end EXIT
trap 'exit 0' TERM INT HUP

mount --make-rprivate /
# First /run, where no checkout is, so that what lies below /tmp or /var/lib is still found.
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir -p /run/claimstead/{checkout,shared,sbin}
mount --bind "$checkout" /run/claimstead/checkout
mount --bind "$shared" /run/claimstead/shared
mount --bind /usr/sbin /run/claimstead/sbin
touch /run/claimstead/node
mount --bind "$node" /run/claimstead/node

# The agent's package in a folder that may be written, as an installer would lay it out: installation.conf goes beside `dist`.
agent=/run/claimstead/agent
mkdir -p $agent/dist
cp "$checkout/packages/agent/package.json" $agent/
mount --bind "$checkout/packages/agent/dist" $agent/dist
mount --rbind $agent /run/claimstead/checkout/packages/agent

# Programs: what the system has, and ours where a package would put them.
mount -t tmpfs -o mode=0755 tmpfs /usr/sbin
for program in /run/claimstead/sbin/*; do ln -s "$program" "/usr/sbin/${program##*/}"; done
for program in netdata netdatacli netdata-claim.sh; do
  ln -sfn "/run/claimstead/checkout/bin/$program" "/usr/sbin/$program"
done

# A copy of /etc that may be written.
mkdir /run/claimstead/etc
cp -a /etc/. /run/claimstead/etc/
mount --bind /run/claimstead/etc /etc
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=0755 tmpfs /var/lib
mount -t tmpfs -o mode=0755 tmpfs /var/log

hostname claimed-machine
ip link set lo up
printf '127.0.0.1 localhost claimed-machine app.netdata.cloud netdata.cloud\n::1 localhost\n' >/etc/hosts
# Nobody listens there: a name that is not in /etc/hosts is answered by a refusal at once.
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >/etc/resolv.conf

# ada may use sudo; netdata runs the service and cannot log in.
sed -i -E '/^(netdata|ada):/d' /etc/passwd /etc/group /etc/shadow
printf 'netdata:x:20101:20101::/var/lib/netdata:/usr/sbin/nologin\nada:x:20102:20102::/tmp:/bin/bash\n' >>/etc/passwd
printf 'netdata:x:20101:\nada:x:20102:\n' >>/etc/group
printf 'netdata:!:20000:0:99999:7:::\nada:!:20000:0:99999:7:::\n' >>/etc/shadow
rm -f /etc/nologin /etc/profile.d/* /etc/sudoers.d/*
printf 'Defaults env_reset, !syslog\nDefaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n' >/etc/sudoers
printf 'root ALL=(ALL:ALL) ALL\nada ALL=(ALL:ALL) NOPASSWD: ALL\n' >>/etc/sudoers
chmod 0440 /etc/sudoers

# The Cloud's certificates are trusted as a public authority's are.
mkdir -p /etc/ssl/certs
cat /run/claimstead/shared/ca.pem >>/etc/ssl/certs/ca-certificates.crt

# A node whose user may not run the usual one, such as one below /root, finds this one in its PATH.
if ! setpriv --reuid=20101 --regid=20101 --clear-groups -- test -x "$node"; then
  ln -sfn /run/claimstead/node /usr/sbin/node
fi

# Netdata as its installer leaves it.
install -d -m 0755 /etc/netdata
install -d -m 0770 -o netdata -g netdata /etc/netdata/claim.d
install -d -m 0755 -o netdata -g netdata /var/lib/netdata
install -d -m 0750 -o netdata -g netdata /run/netdata
install -d -m 0755 -o netdata -g netdata /var/log/netdata

echo ready
cat >/dev/null
