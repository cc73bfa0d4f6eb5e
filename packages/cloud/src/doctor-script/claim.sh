# Whether this node is claimed, where to, and by which way its link would go.

look_at_claim() {
  claim_state='' claim_ca='' claim_id='' claimed_url=''
  for file in "$cloud_d/trusted.pem" "$cloud_d/cloud_fullchain.pem"; do
    if [ -z "$claim_ca" ] && [ -r "$file" ]; then claim_ca=$file; fi
  done
  if [ ! -d "$lib" ]; then
    claim_state=absent
  elif [ -d "$cloud_d" ] && { [ ! -x "$cloud_d" ] || [ ! -r "$cloud_d" ]; }; then
    # The agent itself may say what its files would.
    claim_state=hidden
    note "$cloud_d could not be read: run this as root, or as the user that runs netdata"
    claim_id=$(member "$state" claimed-id)
    claimed_url=$(member "$state" cloud-url)
    if [ -z "$claim_id" ] || [ "$claim_id" = null ]; then claim_id=''; fi
    case $says_claimed in true) claim_state=claimed ;; false) claim_state=unclaimed ;; esac
  else
    read_claim_files
  fi
  if [ -n "$claim_id" ] && ! is_uuid "$claim_id"; then
    claim_state=broken
    claim_id=''
  fi
  fact files "$cloud_d"
  case $claim_state in
    claimed) fact claim "${claim_id:-its id is not known} at ${claimed_url:-a URL that is not known}" ;;
    *) fact claim "$claim_state" ;;
  esac
}

read_claim_files() {
  cloud_conf=$cloud_d/cloud.conf
  claim_id=$(setting "$cloud_conf" global claimed_id)
  if [ -z "$claim_id" ] && [ -r "$cloud_d/claimed_id" ]; then
    claim_id=$(head -c 64 "$cloud_d/claimed_id" | tr -d '[:space:]')
  fi
  claimed_url=$(setting "$cloud_conf" global url)
  claimed_url=${claimed_url:-$(setting "$cloud_conf" global 'cloud base url')}
  if [ -z "$claim_id" ]; then
    claim_state=unclaimed
  elif [ -e "$cloud_d/private.pem" ]; then
    claim_state=claimed
  else
    claim_state=broken
  fi
}

# choose_proxy: the setting of the link: sets proxy_kind (direct, http, socks or bad), proxy_host, proxy_port, proxy_login. Never printed
# with what stands before an @.
choose_proxy() {
  proxy_login='' proxy_host='' proxy_port='' from=''
  for place in "$conf cloud" "$cloud_d/cloud.conf global" "$etc/claim.conf global"; do
    proxy_setting=$(setting "${place% *}" "${place##* }" proxy)
    if [ -n "$proxy_setting" ]; then from=${place% *} && break; fi
  done
  case $proxy_setting in
    '' | env)
      from='environment of the agent'
      proxy_setting=$(variable http_proxy)
      proxy_setting=${proxy_setting:-$(variable https_proxy)}
      # The link takes nothing else from there.
      case $proxy_setting in '' | http://*) ;; *) proxy_setting='' && note 'the proxy in the environment of the agent is none that its link takes: it must begin with http://' ;; esac
      ;;
  esac
  case $proxy_setting in
    '' | none) proxy_kind=direct ;;
    socks5://* | socks5h://*) proxy_kind=socks ;;
    http://*) read_http_proxy "${proxy_setting#http://}" ;;
    *) proxy_kind=bad ;;
  esac
  case $proxy_kind in
    direct) fact proxy none ;;
    http) fact proxy "http://${proxy_login:+***@}$proxy_host:$proxy_port (from: $from)" ;;
    *) fact proxy "$proxy_kind (from: $from)" ;;
  esac
}

read_http_proxy() {
  case $1 in *@*) proxy_login=${1%@*} ;; esac
  rest=${1##*@}
  rest=${rest%%/*} proxy_host=${rest%%/*} proxy_port=8080 proxy_kind=http
  case $rest in *:*) proxy_port=${rest##*:} proxy_host=${rest%:*} ;; esac
  if ! is_host "$proxy_host" || ! is_port "$proxy_port"; then proxy_kind=bad; fi
  # One line, as it goes into a header.
  proxy_login=$(printf %s "$proxy_login" | tr -d '\000-\037\177')
}

# choose_store: where the agent's own OpenSSL finds whom to trust: sets store_file and store_folder, empty for OpenSSL's defaults.
choose_store() {
  store_file=$(variable SSL_CERT_FILE)
  store_folder=$(variable SSL_CERT_DIR)
  store=''
  if [ -n "$store_file$store_folder" ]; then
    store="SSL_CERT_FILE=$store_file SSL_CERT_DIR=$store_folder, from the environment of process $pid"
  elif [ -d "$prefix/etc/ssl" ] && [ -n "$prefix" ]; then
    # A static build looks below its own folder alone.
    store_file=$prefix/etc/ssl/cert.pem store_folder=$prefix/etc/ssl/certs
    store="$prefix/etc/ssl, as built in"
  else
    for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
      if [ -z "$store" ] && [ -r "$file" ]; then store="the store of the system, $file"; fi
    done
  fi
  fact store "${store:-none was found}"
  if [ -n "$claim_ca" ]; then fact claim_ca "$claim_ca, for the claim alone"; fi
}
