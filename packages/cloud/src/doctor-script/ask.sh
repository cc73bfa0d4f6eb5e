# One question to the Cloud, by the way of the link. openssl is asked first, because the agent verifies with the same library and so with
# the same store; curl where there is no openssl, or only one that is too old for the proxy. No other host is ever dialled.

# bounded COMMAND…: runs it with $work/in, $work/out and $work/err until it ends, the patience does, or a WebSocket was opened: then
# nothing more would come. Answers its exit status; 124 when it was stopped.
bounded() {
  : >"$work/out"
  : >"$work/err"
  (ulimit -f 1024 2>/dev/null; exec "$@" <"$work/in" >"$work/out" 2>"$work/err") &
  child=$! left=$((patience * ticks_a_second))
  while kill -0 "$child" 2>/dev/null && [ "$left" -gt 0 ]; do
    if [ "$(status_of_answer)" = 101 ]; then break; fi
    sleep "$tick"
    left=$((left - 1))
  done
  stopped=''
  if kill "$child" 2>/dev/null; then stopped=yes; fi
  { wait "$child"; } 2>/dev/null
  ended=$?
  if [ -n "$stopped" ]; then return 124; fi
  return "$ended"
}

status_of_answer() {
  head -n 1 "$work/out" | sed -n 's/^HTTP\/1\.[01] \([0-9][0-9][0-9]\).*/\1/p'
}

# said PATTERN: whether the tool complained of that.
said() {
  grep -i -q -E "$1" "$work/err"
}

choose_tool() {
  tool=''
  if command -v openssl >/dev/null 2>&1; then
    tool=openssl known=$(openssl s_client -help 2>&1)
    # -proxy came with 1.1.0, -proxy_user with 3.0.
    if [ "$proxy_kind" = http ]; then case $known in *' -proxy '*) ;; *) tool='' ;; esac; fi
    if [ -n "$proxy_login" ]; then case $known in *' -proxy_user '*) ;; *) tool='' ;; esac; fi
  fi
  if [ -z "$tool" ] && command -v curl >/dev/null 2>&1; then tool=curl; fi
}

# client ARGUMENT…: openssl s_client on the way of the link. The password of a proxy goes through the environment: arguments are seen by all.
client() {
  if [ "$proxy_kind" = http ]; then set -- -proxy "$proxy_host:$proxy_port" "$@"; fi
  if [ -n "$proxy_login" ]; then set -- -proxy_user "${proxy_login%%:*}" -proxy_pass env:DOCTOR_PROXY_PASSWORD "$@"; fi
  if ! is_ipv4 "$host"; then set -- -servername "$host" "$@"; fi
  set -- openssl s_client -connect "$host:$port" "$@"
  if [ -n "$store_file" ]; then set -- "SSL_CERT_FILE=$store_file" "$@"; fi
  if [ -n "$store_folder" ]; then set -- "SSL_CERT_DIR=$store_folder" "$@"; fi
  if [ -n "$proxy_login" ]; then DOCTOR_PROXY_PASSWORD=${proxy_login#*:} && export DOCTOR_PROXY_PASSWORD; fi
  bounded env "$@"
}

# curl_to PATH ARGUMENT…: the same with curl; what the proxy needs to know goes through a file.
curl_to() {
  path=$1
  shift
  printf '' >"$work/settings"
  if [ "$proxy_kind" = http ]; then printf 'proxy = "http://%s:%s"\n' "$proxy_host" "$proxy_port" >"$work/settings"; fi
  if [ -n "$proxy_login" ]; then
    printf 'proxy-user = "%s"\n' "$(printf %s "$proxy_login" | sed 's/["\\]/\\&/g')" >>"$work/settings"
  fi
  # All that is said about certificates and refusals is in the verbose part. Headers that are dumped are flushed, included ones are not:
  # a 101 is seen when it comes.
  bounded curl -q --silent --show-error --verbose --http1.1 --globoff --max-time "$patience" --config "$work/settings" \
    --suppress-connect-headers --dump-header - "$@" "https://$host:$port$path"
}

# judge claim|link: opens TLS with whom that phase trusts. Sets trouble (a code; empty = all well) and at (the hop of the trouble).
judge() {
  trouble='' at=tls
  printf '' >"$work/in"
  if [ "$tool" = openssl ]; then judge_with_openssl "$1"; else judge_with_curl "$1"; fi
}

judge_with_openssl() {
  # -state tells at once when TLS begins, so that it is known even of who had to be stopped.
  # The link of a stock agent looks at no name in the certificate; a claim does.
  if [ "$1" = link ]; then
    client -state
  else
    kind=-verify_hostname
    if is_ipv4 "$host"; then kind=-verify_ip; fi
    if [ -n "$claim_ca" ]; then client -state "$kind" "$host" -CAfile "$claim_ca"; else client -state "$kind" "$host"; fi
  fi
  ended=$?
  if said 'HTTP CONNECT failed'; then
    trouble_of_proxy "$(sed -n 's/.*HTTP CONNECT failed[^0-9]*\([0-9]*\).*/\1/p' "$work/err" | head -n 1)"
  elif grep -q 'BEGIN CERTIFICATE' "$work/out"; then
    if said 'verify error:num=(18|19|20|21|2|24|27|68):'; then
      trouble=tls-untrusted
    elif said 'verify error:num=9:'; then
      trouble=clock-wrong
    elif said 'verify error:num=10:'; then
      trouble=tls-expired
    elif said 'verify error:num=6[24]:'; then
      trouble=tls-wrong-host
    elif said 'verify error:'; then
      trouble=tls-untrusted
    fi
  elif said '^SSL_connect:'; then
    if [ "$ended" = 124 ]; then trouble=no-answer; else trouble=tls-failed; fi
  elif [ "$proxy_kind" = http ] && grep -q '^CONNECTED' "$work/out"; then
    at=proxy trouble=proxy-not-one
  else
    trouble_before_connect "$ended"
  fi
}

judge_with_curl() {
  judged=$1
  if [ "$1" = claim ] && [ -n "$claim_ca" ]; then
    curl_to /api/v1/env --cacert "$claim_ca"
  else
    set --
    if [ -n "$store_file" ]; then set -- --cacert "$store_file" "$@"; fi
    if [ -n "$store_folder" ]; then set -- --capath "$store_folder" "$@"; fi
    curl_to /api/v1/env "$@"
  fi
  trouble_of_curl "$?" "$judged"
}

# trouble_of_curl EXIT_STATUS claim|link
trouble_of_curl() {
  case $1 in
    0) ;;
    51 | 60 | 77)
      if said 'not yet valid|not (yet )?activated'; then
        trouble=clock-wrong
      elif said 'expired'; then
        trouble=tls-expired
      elif said 'subject name|does not match|hostname'; then
        # The chain was found good before the name was looked at, and the link looks at none.
        if [ "${2-}" != link ]; then trouble=tls-wrong-host; fi
      else
        trouble=tls-untrusted
      fi
      ;;
    *)
      if ! said '^\* *Connected to'; then
        trouble_before_connect "$1"
      elif [ "$proxy_kind" = http ] && ! said '^\* .*(CONNECT tunnel established|CONNECT phase completed|Proxy replied 200)'; then
        reply=$(sed -n 's/^< HTTP\/1\.[01] \([0-9][0-9][0-9]\).*/\1/p' "$work/err" | head -n 1)
        at=proxy
        case $1 in
          28 | 124) trouble=proxy-timeout ;;
          *) trouble_of_proxy "$reply" ;;
        esac
      elif [ "$1" = 28 ] || [ "$1" = 124 ]; then
        trouble=no-answer
      else
        trouble=tls-failed
      fi
      ;;
  esac
}

# trouble_before_connect EXIT_STATUS: nobody was reached. What can be read there depends on the tool and on the C library.
trouble_before_connect() {
  at=tcp
  if said 'refused|errno=111'; then
    trouble=tcp-refused
  elif said 'no route|unreachable|errno=1(13|01)'; then
    trouble=tcp-no-route
  elif said 'resolve|not known|temporary failure|try again|no address|getaddrinfo|BIO_lookup|bad address'; then
    at=dns trouble=dns-unknown
    if said 'temporary failure|try again' || no_server_answers; then trouble=dns-down; fi
  else
    case $1 in 28 | 124) trouble=tcp-timeout ;; *) trouble=tcp-broken ;; esac
    if said 'timed out|errno=110'; then trouble=tcp-timeout; fi
  fi
  if [ "$proxy_kind" != http ]; then return 0; fi
  at=proxy
  case $trouble in
    dns-*) trouble=proxy-dns ;;
    tcp-timeout) trouble=proxy-timeout ;;
    *) trouble=proxy-refused ;;
  esac
}

# curl alone does not tell a name that nobody has from a name server that does not answer.
no_server_answers() {
  if ! command -v nslookup >/dev/null 2>&1; then return 1; fi
  printf '' >"$work/in"
  bounded nslookup "$host"
  if [ "$?" = 124 ]; then return 0; fi
  grep -i -q -E 'timed out|no servers could be reached|refused|no response' "$work/out" "$work/err"
}

# trouble_of_proxy STATUS, as the agent's own doctor reads it.
trouble_of_proxy() {
  at=proxy
  case ${1:-none} in
    401 | 407) trouble=proxy-auth ;;
    403 | 405) trouble=proxy-forbids ;;
    404 | 5??) trouble=proxy-cannot-reach ;;
    *) trouble=proxy-not-one ;;
  esac
}

# ask PATH [HEADER…]: sets status (empty = no answer came) and answer, the body; whom to trust was judged before. Host comes without its
# port, as agents send it.
ask() {
  path=$1 answer=''
  shift
  if [ "$tool" = curl ]; then
    asked=$#
    for header in "$@"; do set -- "$@" --header "$header"; done
    shift "$asked"
    printf '' >"$work/in"
    curl_to "$path" --insecure --header "Host: $host" "$@"
  else
    {
      printf 'GET %s HTTP/1.1\r\nHost: %s\r\n' "$path" "$host"
      for header in "$@"; do printf '%s\r\n' "$header"; done
      printf '\r\n'
    } >"$work/in"
    client -quiet
  fi
  status=$(status_of_answer)
  if [ -n "$status" ]; then answer=$(tr -d '\000' <"$work/out" | sed '1,/^[[:space:]]*$/d'); fi
}
