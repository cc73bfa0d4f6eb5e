// doctor.sh: what `netdata-claim.sh -check` is to our own agent, for a host with a stock one. Reading order of this folder:
// doctor-script.ts (puts the parts together), doctor-script-routes.ts (serves them), main.sh (the whole walk), walk.sh (its hops), host.sh
// and claim.sh (what is on the host), ask.sh (one question to the Cloud), say.sh (findings and report).

import { doctorTable, type DoctorRow } from '@claimstead/wire/doctor/codes';
import ask from './ask.sh?raw';
import claim from './claim.sh?raw';
import host from './host.sh?raw';
import main from './main.sh?raw';
import say from './say.sh?raw';
import walk from './walk.sh?raw';

/** POSIX sh, whole. `cloudUrl`: what agents reach the Cloud by, without a trailing slash. */
export function doctorScript(cloudUrl: string): string {
  const head = [
    '#!/bin/sh',
    '# Walks the way from a host with a stock agent to its Cloud, and says what is wrong; -help tells more. Made by Claimstead.',
    `cloud_url=${quoted(cloudUrl)}`,
  ];
  return (
    [head.join('\n'), words(), say, host, claim, ask, walk, main].map((part) => part.trimEnd()).join('\n\n') + '\n'
  );
}

/** The table of codes as a function of the shell, so that no word is written twice. */
function words(): string {
  const rows = Object.entries<DoctorRow>(doctorTable).map(
    ([code, { cause, remedy, stockRemedy }]) =>
      `    ${code}) cause=${quoted(cause)} remedy=${quoted(stockRemedy ?? remedy)} ;;`,
  );
  return ['# words CODE: sets cause and remedy.', 'words() {', '  case $1 in', ...rows, '  esac', '}'].join('\n');
}

/** One word of the shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
