# The way of the link, hop by hop, and of a claim as far as they differ. What lies behind a hop that failed is not tried.

walk() {
  look_at_settings
  if is_ipv4 "$host"; then names=''; else names=dns; fi
  if [ "$proxy_kind" = http ]; then reach=proxy; else reach="$names tcp"; fi
  if [ "$proxy_kind" = socks ]; then
    skip claim 'proxy tls' 'not tried: this script speaks to HTTP proxies alone'
    fail link proxy socks-for-claim-only
    skip link 'tls environment challenge websocket' 'not tried'
    return
  fi
  if [ -z "$tool" ]; then
    skip 'claim link' "$reach tls" 'not tried: this host has neither curl nor an openssl that is new enough'
    note 'install curl or openssl, and run this again'
    all_ok=false
    return
  fi
  judge link
  reached=''
  for hop in $reach; do
    if [ "$hop" = "$at" ] && [ -n "$trouble" ]; then
      fail 'claim link' "$hop" "$trouble"
      reached=no
    elif [ -n "$reached" ]; then
      skip 'claim link' "$hop" 'not tried'
    else
      pass 'claim link' "$hop"
    fi
  done
  if [ -n "$reached" ]; then
    skip claim tls 'not tried'
    skip link 'tls environment challenge websocket' 'not tried'
    return
  fi
  of_link=$trouble
  judge_claim
  if [ -n "$of_link" ]; then
    if [ "$of_link" = tls-untrusted ] && [ "$chain_of_claim" = good ]; then of_link=trusted-for-claim-only; fi
    fail link tls "$of_link"
    skip link 'environment challenge websocket' 'not tried'
    return
  fi
  pass link tls
  ask_environment
}

look_at_settings() {
  ailing=''
  if [ "$(setting "$cloud_d/cloud.conf" global enabled)" = no ]; then fail link settings cloud-disabled && ailing=yes; fi
  if [ "$proxy_kind" = bad ]; then fail 'claim link' settings proxy-invalid && ailing=yes; fi
  if [ -z "$ailing" ]; then pass 'claim link' settings; fi
  if [ "$claim_state" = absent ]; then
    fail link agent agent-not-found
  elif [ -z "$pid$info" ]; then
    fail link agent agent-not-running
  elif [ "$claim_state $says_claimed" = 'claimed false' ]; then
    fail link agent agent-unaware
  else
    pass link agent
  fi
  if [ "$says_online" = false ] && [ "$says_claimed" = true ]; then
    note 'the agent says that its link is down; it reads proxy and store once, at its start: restart it after a change'
  fi
  case $claim_state in
    absent) skip link claim-directory 'not looked at' ;;
    hidden) skip link claim-directory 'could not be read' ;;
    unclaimed) fail link claim-directory not-claimed ;;
    broken) fail link claim-directory claim-broken ;;
    *)
      if [ -n "$claimed_url" ] && [ "$(origin_of "$claimed_url")" != "$base" ]; then
        claim_state=elsewhere
        fail link claim-directory claimed-at-another-cloud
      else
        pass link claim-directory
      fi
      ;;
  esac
}

# Sets chain_of_claim: good when the authority is known to the claim, whatever else may be wrong.
judge_claim() {
  judge claim
  # Up to v1.47 the authorities of cloud.d come beside those of the system, from v2 on they take their place.
  case ${version:-v1} in
    v2* | v3*) ;;
    *) if [ "$trouble" = tls-untrusted ] && [ -z "$of_link" ]; then trouble=''; fi ;;
  esac
  chain_of_claim=good
  if [ "$trouble" = tls-untrusted ]; then chain_of_claim=bad; fi
  if [ -z "$trouble" ]; then pass claim tls; else fail claim tls "$trouble"; fi
}

ask_environment() {
  query=''
  if [ "$claim_state" = claimed ] && [ -n "$claim_id" ]; then query="&claim_id=$claim_id"; fi
  ask "/api/v1/env?v=0.0.0&cap=proto,ctx$query" 'Accept: application/json' 'Connection: close'
  here=''
  case $status-$answer in
    200-*'"authEndpoint"'*'"transports"'* | 200-*'"transports"'*'"authEndpoint"'*) here=yes && pass link environment ;;
    *) fail link environment "$(code_of_refusal)" "$(cause_of_refusal)" ;;
  esac
  compare_clocks
  if [ -z "$here" ]; then
    skip link 'challenge websocket' 'not tried'
    return
  fi
  ask_challenge
  ask_websocket
}

# Only whether there is one for this claim: the challenge itself is dropped, and is of no use without the private key.
ask_challenge() {
  if [ "$claim_state" != claimed ] || [ -z "$claim_id" ]; then
    skip link challenge 'not tried: no claim here is one of this Cloud, or none that could be read'
    return
  fi
  ask "/api/v1/auth/node/$claim_id/challenge" 'Accept: application/json' 'Connection: close'
  case $status-$answer in
    200-*'"challenge"'*) pass link challenge ;;
    *ErrNodeRemoved*) fail link challenge node-removed ;;
    *ErrUnknownClaim*) fail link challenge claim-unknown ;;
    *) fail link challenge "$(code_of_refusal)" "$(cause_of_refusal)" ;;
  esac
  answer=''
}

ask_websocket() {
  ask /mqtt 'Upgrade: websocket' 'Connection: Upgrade' 'Sec-WebSocket-Version: 13' 'Sec-WebSocket-Protocol: mqtt' \
    'Sec-WebSocket-Key: ZG9jdG9yLnNoIGFza3Mgbw=='
  case $status in
    101) pass link websocket ;;
    '') fail link websocket "$(code_of_refusal)" "$(cause_of_refusal)" ;;
    429) fail link websocket cloud-busy ;;
    401 | 403 | 5??) fail link websocket websocket-refused ;;
    *) fail link websocket websocket-stripped ;;
  esac
}

code_of_refusal() {
  case $status in
    '') if [ "$left" -gt 0 ]; then echo tcp-broken; else echo no-answer; fi ;;
    429 | 503) echo cloud-busy ;;
    5??) echo cloud-fault ;;
    *) echo not-a-cloud ;;
  esac
}

# Empty for the words of the table.
cause_of_refusal() {
  case $status in
    '' | 200 | 429 | 503) ;;
    5??) echo "the Cloud answered with status $status" ;;
    *) echo "what answers there is no Cloud: status $status" ;;
  esac
}

# By the Date of the answer; more than a minute apart is worth a word.
compare_clocks() {
  apart=$(
    LC_ALL=C date -u '+%Y %m %d %H %M %S' | awk -v said="$(sed -n 's/^[Dd]ate: [A-Za-z]*, \(.*\) GMT.*/\1/p' "$work/out" | head -n 1)" '
      function seconds(y, m, d, time, part) {
        split(time, part, ":")
        if (m < 3) { m += 12; y-- }
        return (365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d) * 86400 + part[1] * 3600 + part[2] * 60 + part[3]
      }
      {
        if (split(said, cloud, " ") != 4) exit
        month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", cloud[2]) + 2) / 3
        print seconds($1, $2, $3, $4 ":" $5 ":" $6) - seconds(cloud[3], month, cloud[1], cloud[4])
      }'
  )
  case ${apart#-} in '' | *[!0-9]* | ?? | ?) return 0 ;; esac
  note "the clock of this host and the one of the Cloud are ${apart#-} seconds apart"
}
