# What stands on this host: the agent, its folders, what runs of it and what that says. Files are only read, and what is in them is data:
# nothing of it is evaluated or used as a file name, and only what fits the strict patterns below becomes part of a command.

# setting FILE SECTION KEY: the value on stdout; nothing when there is none.
setting() {
  [ -r "$1" ] || return 0
  head -c 65536 "$1" | awk -v section="[$2]" -v key="$3" '
    { sub(/\r$/, ""); sub(/^[ \t]+/, ""); sub(/[ \t]+$/, "") }
    /^\[/ { here = ($0 == section); next }
    here && (at = index($0, "=")) {
      name = substr($0, 1, at - 1); sub(/[ \t]+$/, "", name)
      if (name == key) { value = substr($0, at + 1); sub(/^[ \t]+/, "", value) }
    }
    END { print value }'
}

is_host() {
  case $1 in '' | -* | .* | *[!A-Za-z0-9._-]*) return 1 ;; esac
  [ "${#1}" -le 253 ]
}

is_port() {
  case $1 in '' | *[!0-9]* | ??????*) return 1 ;; esac
  [ "$1" -ge 1 ] && [ "$1" -le 65535 ]
}

is_ipv4() {
  case $1 in *[!0-9.]*) return 1 ;; esac
}

is_uuid() {
  case $1 in *[!0-9A-Fa-f-]*) return 1 ;; ????????-????-????-????-????????????) return 0 ;; *) return 1 ;; esac
}

# split_url URL: sets scheme, host, port; fails on what the link of a stock agent could not use: it knows no IPv6 address in a URL.
split_url() {
  case $1 in
    https://*) scheme=https port=443 ;;
    http://*) scheme=http port=80 ;;
    *) return 1 ;;
  esac
  host=${1#*://}
  host=${host%%/*}
  case $host in *:*) port=${host##*:} host=${host%:*} ;; esac
  is_host "$host" && is_port "$port"
}

# origin_of URL: on stdout, for comparing; a URL that cannot be read gives itself.
origin_of() {
  (if split_url "$1"; then printf %s "$scheme://$host:$port" | tr '[:upper:]' '[:lower:]'; else printf %s "$1"; fi)
}

find_folders() {
  if [ -z "$prefix" ] && [ ! -d /var/lib/netdata ] && [ -d /opt/netdata/var/lib/netdata ]; then prefix=/opt/netdata; fi
  etc=$prefix/etc/netdata lib=$prefix/var/lib/netdata
  conf=$etc/netdata.conf
  # A folder that was moved is named there; only a plain path is followed.
  moved=$(setting "$conf" directories lib)
  case $moved in /*) case $moved in *[!A-Za-z0-9/._-]*) ;; *) lib=$moved ;; esac ;; esac
  cloud_d=$lib/cloud.d
  fact prefix "${prefix:-/}"
}

# The first process with the agent's name, but none of a container, which has its own network; sets `pid`, empty when none runs.
find_process() {
  pid=''
  for entry in /proc/[0-9]*; do
    name=''
    { read -r name <"$entry/comm"; } 2>/dev/null
    if [ "$name" = netdata ] && is_neighbour "$entry"; then pid=${entry#/proc/} && break; fi
  done
  environment=''
  if [ -z "$pid" ]; then return 0; fi
  if { environment=$(tr '\000' '\n' <"/proc/$pid/environ"); } 2>/dev/null && [ -n "$environment" ]; then return 0; fi
  note "the environment of process $pid could not be read, so its SSL_CERT_FILE, SSL_CERT_DIR and http_proxy are not known: run this as root"
}

# is_neighbour ENTRY: what may not be looked at is taken for one.
is_neighbour() {
  network=$(readlink "$1/ns/net" 2>/dev/null)
  [ -z "$network" ] || [ "$network" = "$(readlink /proc/self/ns/net 2>/dev/null)" ]
}

# variable NAME: of the agent's process.
variable() {
  printf '%s\n' "$environment" | sed -n "s/^$1=//p" | head -n 1
}

# local_answer PATH: what the agent on this host says, from its own port and nowhere else.
local_answer() {
  printf '' >"$work/in"
  # No -T for wget: the one of busybox 1.35 crashes with it.
  if command -v curl >/dev/null 2>&1; then
    bounded curl -q --silent --noproxy '*' "http://127.0.0.1:19999$1"
  elif command -v wget >/dev/null 2>&1; then
    bounded wget -q -O - "http://127.0.0.1:19999$1"
  else
    return 0
  fi
  head -c 65536 "$work/out"
}

# member JSON NAME: the first value with that name, without its quotes. Enough for flat answers; what comes out is checked by its users.
member() {
  # busybox knows no [\n*].
  # shellcheck disable=SC2020
  printf %s "$1" | tr ',{}' '\n\n\n' |
    sed -n "s/^[[:space:]]*\"$2\"[[:space:]]*:[[:space:]]*\"\{0,1\}\([^\"]*\)\"\{0,1\}[[:space:]]*\$/\1/p" | head -n 1 | clean
}

look_at_agent() {
  find_process
  info=$(local_answer /api/v1/info)
  state=''
  if command -v netdatacli >/dev/null 2>&1; then
    printf '' >"$work/in"
    if bounded netdatacli aclk-state json; then state=$(head -c 65536 "$work/out"); fi
  fi
  if [ -z "$(member "$state" agent-claimed)" ]; then state=$(local_answer /api/v1/aclk); fi
  version=$(member "$info" version)
  says_claimed=$(member "$state" agent-claimed)
  says_claimed=${says_claimed:-$(member "$info" agent-claimed)}
  says_online=$(member "$state" online)
  says_online=${says_online:-$(member "$info" aclk-available)}
  if [ -z "$pid$info" ]; then
    fact agent 'does not run'
  else
    fact agent "${version:-version not known}, process ${pid:-not known}; claimed: ${says_claimed:-not known}; online: ${says_online:-not known}"
  fi
}
