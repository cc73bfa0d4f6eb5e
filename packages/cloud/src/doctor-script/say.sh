# What was found, and how it is told. A finding is one hop of one phase, as `netdata-claim.sh -check` has them: the claim's way, and the
# way of the link. `ok` is true, false, or null for what was not tried.

newline='
'
items='' lines='' faults='' codes='' first_code=null all_ok=true notes=''

# quote TEXT: sets `quoted` to it as a JSON string. What is no printable ASCII is left out: it came from a file or from the network.
quote() {
  quoted="\"$(printf %s "$1" | tr -cd '\040-\176' | sed 's/["\\]/\\&/g')\""
}

# clean: from stdin to stdout, what is harmless on a terminal, and not much of it.
clean() {
  tr -cd '\040-\176' | cut -c 1-200
}

# as_sentence TEXT: sets `sentence`.
as_sentence() {
  rest=${1#?}
  sentence="$(printf %s "${1%"$rest"}" | tr '[:lower:]' '[:upper:]')$rest."
}

# fill TEXT FILE: sets `filled`, TEXT with FILE where it says so.
fill() {
  filled='' rest=$1
  while :; do
    case $rest in
      *FILE*) filled=$filled${rest%%FILE*}$2 rest=${rest#*FILE} ;;
      *) break ;;
    esac
  done
  filled=$filled$rest
}

# found PHASES HOP OK CODE CAUSE REMEDY: the last three may be empty. Each phase keeps its findings in the order of its way.
found() {
  hop=$2 ok=$3 code=$4 cause_json=null remedy_json=null code_json=null
  if [ -n "$code" ]; then code_json="\"$code\""; fi
  if [ -n "$5" ]; then quote "$5" && cause_json=$quoted; fi
  if [ -n "$6" ]; then quote "$6" && remedy_json=$quoted; fi
  case $ok in
    true) mark='✓' said='' ;;
    false) mark='✗' said='' all_ok=false ;;
    *) mark='–' said=$5 ;;
  esac
  for phase in $1; do
    item="{\"phase\":\"$phase\",\"hop\":\"$hop\",\"ok\":$ok,\"ms\":null,\"code\":$code_json,\"cause\":$cause_json,\"remedy\":$remedy_json}"
    line=$(printf '  %s %-5s %-15s %s' "$mark" "$phase" "$hop" "$said" | sed 's/ *$//')
    keep_finding
  done
}

# Claims come before links in what is told, though both are found along one way.
claim_items='' claim_lines='' claim_codes='' claim_failed='' link_items='' link_lines='' link_codes='' link_failed=''
keep_finding() {
  if [ "$phase" = claim ]; then
    claim_items=$claim_items${claim_items:+,}$item claim_lines=$claim_lines$line$newline
    claim_codes="$claim_codes $code"
    if [ "$ok" = false ]; then claim_failed=yes; fi
  else
    link_items=$link_items${link_items:+,}$item link_lines=$link_lines$line$newline
    link_codes="$link_codes $code"
    if [ "$ok" = false ]; then link_failed=yes; fi
  fi
}

pass() {
  found "$1" "$2" true '' '' ''
}

# skip PHASES HOPS WHY
skip() {
  for skipped in $2; do found "$1" "$skipped" null '' "$3" ''; done
}

# fail PHASES HOP CODE [CAUSE]: in the words of the table, unless there are closer ones for the cause.
fail() {
  words "$3"
  if [ -n "${4-}" ]; then cause=$4; fi
  fill "$remedy" "${claim_ca:-CA.pem}"
  found "$1" "$2" false "$3" "$cause" "$filled"
  # Both phases may meet the same; it is told once.
  case $faults in *"[$3]"*) return 0 ;; esac
  as_sentence "$cause" && caused=$sentence
  as_sentence "$filled"
  faults="$faults$2 [$3]: $caused$newline  Remedy: $sentence$newline"
}

# note TEXT: what is worth knowing and is no fault.
note() {
  notes="$notes$1$newline"
}

# fact NAME TEXT: what was seen on this host; shown above the hops, and as `host` in JSON.
facts='' fact_lines=''
fact() {
  value=$(printf %s "$2" | clean)
  quote "$value"
  facts="$facts${facts:+,}\"$1\":$quoted"
  fact_lines="$fact_lines$(printf '  %-8s %s' "$1" "$value")$newline"
}

report() {
  items="$claim_items${claim_items:+${link_items:+,}}$link_items" lines=$claim_lines$link_lines
  codes='' note_items=''
  for code in $claim_codes $link_codes; do
    case ",$codes," in
      *",\"$code\","*) ;;
      *) codes=$codes${codes:+,}\"$code\" ;;
    esac
  done
  if [ -n "$codes" ]; then first_code=${codes%%,*}; fi
  if [ -n "$as_json" ]; then
    while [ -n "$notes" ]; do
      quote "${notes%%"$newline"*}"
      note_items=$note_items${note_items:+,}$quoted notes=${notes#*"$newline"}
    done
    printf '{"ok":%s,"code":%s,"target":"%s","hops":[%s],"codes":[%s],"host":{%s},"notes":[%s]}\n' \
      "$all_ok" "$first_code" "$base" "$items" "$codes" "$facts" "$note_items"
    return
  fi
  printf 'Check of the agent on this host, and of its way to %s\n%s\n%s\n' "$base" "$fact_lines" "$lines"
  if [ -n "$link_failed$claim_failed" ]; then
    printf 'The claim %s, the link %s.\n' "$(verdict "$claim_failed")" "$(verdict "$link_failed")"
  else
    printf 'The claim and the link would pass.\n'
  fi
  printf %s "$faults"
  while [ -n "$notes" ]; do
    as_sentence "${notes%%"$newline"*}"
    printf 'Note: %s\n' "$sentence" && notes=${notes#*"$newline"}
  done
}

verdict() {
  if [ -n "$1" ]; then echo 'would fail'; else echo 'would pass'; fi
}
