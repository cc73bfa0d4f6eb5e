# Everything above only defines; a script that was cut off on its way runs nothing.

usage() {
  cat <<END
doctor.sh: walks the way from a host with a stock Netdata agent to a Cloud, and says what is wrong. It changes nothing, needs no root
(and says what it could not read without), and speaks with that Cloud alone.

  sh doctor.sh [-json] [-url=URL] [-prefix=DIR] [-timeout=SECONDS]

  -json       one JSON object instead of lines for people
  -url=       the Cloud ($cloud_url)
  -prefix=    where the agent is installed: / or, for a static build, /opt/netdata (looked for when not given)
  -timeout=   patience with each hop, 1 to 60 ($patience)

Straight from the Cloud, also where its certificate is of a private authority that this host does not know yet, whose file is CA.pem:

  curl $cloud_url/doctor.sh | sh -s --
  curl --cacert CA.pem $cloud_url/doctor.sh | sh -s -- -json

Exit status: 0 when all is well, 1 when something is wrong, 2 when it was asked wrongly.
END
}

wrong_use() {
  echo "doctor.sh: $1; -help tells more" >&2
  exit 2
}

read_options() {
  as_json='' prefix='' patience=10
  for option in "$@"; do
    case $option in
      -json | --json) as_json=yes ;;
      -url=*) cloud_url=${option#-url=} ;;
      -prefix=*) prefix=${option#-prefix=} ;;
      -timeout=*) patience=${option#-timeout=} ;;
      -h | -help | --help) usage && exit 0 ;;
      *) wrong_use 'there is an option that it does not know' ;;
    esac
  done
  # What is used in commands and in advice has nothing in it that a shell would read.
  case $prefix in *[!A-Za-z0-9/._-]* | [!/]*) wrong_use '-prefix= takes an absolute path of plain characters' ;; esac
  prefix=${prefix%/}
  case $patience in [1-9] | [1-5][0-9] | 60) ;; *) wrong_use '-timeout= takes a number from 1 to 60' ;; esac
}

main() {
  LC_ALL=C
  LANGUAGE=''
  export LC_ALL LANGUAGE
  # The agent's own environment counts, not the one of this shell.
  unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE SSLKEYLOGFILE
  read_options "$@"
  umask 077
  work=$(mktemp -d 2>/dev/null) || wrong_use 'there is no folder for temporary files'
  trap 'rm -rf "$work"' EXIT
  trap 'exit 1' HUP INT TERM
  # POSIX knows whole seconds alone.
  tick=1 ticks_a_second=1
  if sleep 0.1 2>/dev/null; then tick=0.1 ticks_a_second=10; fi
  if ! split_url "$cloud_url"; then
    base=unknown
    fail 'claim link' settings url-invalid
  else
    base=$(origin_of "$cloud_url")
    find_folders
    look_at_agent
    look_at_claim
    choose_proxy
    choose_store
    choose_tool
    walk
  fi
  report
  if [ "$all_ok" = true ]; then exit 0; fi
  exit 1
}

main "$@"
