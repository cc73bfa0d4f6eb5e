// What may stand or be missing between a node and its Cloud, on a machine of its own: each is made by a function that answers how to mend it.

import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Machine } from './namespace.ts';

export interface Broken {
  /** As before. */
  stop(): Promise<unknown>;
}

const bundle = '/etc/ssl/certs/ca-certificates.crt';

/** The system no longer knows the authority of the Cloud's certificate; `remedyFile` is what a person would be handed. */
export async function distrustTheCloud(machine: Machine): Promise<Broken & { remedyFile: string }> {
  const ca = `${machine.folderInside}/ca.pem`;
  await machine.must(`rest=$(head -n -$(wc -l <${ca}) ${bundle}); printf '%s\\n' "$rest" >${bundle}`);
  return { remedyFile: ca, stop: () => machine.must(`cat ${ca} >>${bundle}`) };
}

/** The name of the Cloud is in no file, and the name server does not answer. */
export async function losesItsNameServer(machine: Machine): Promise<Broken> {
  await machine.must(`cp /etc/hosts /tmp/hosts; printf '127.0.0.1 localhost claimed-machine\\n' >/etc/hosts`);
  return { stop: () => machine.must('cp /tmp/hosts /etc/hosts') };
}

/** Nothing that the agent's user sends to the Cloud arrives, and nobody says so. */
export async function dropsPackets(machine: Machine): Promise<Broken> {
  const rule = 'OUTPUT -p tcp --dport 443 -m owner --uid-owner netdata -j DROP';
  await machine.must(`iptables -I ${rule}`);
  return { stop: () => machine.must(`iptables -D ${rule}`) };
}

/**
 * Something stands in front of the Cloud: what the agent's user sends to port 443 ends there, TLS included, and plain requests are
 * passed on; an upgrade is not. `certificate`: its own.
 */
export async function standsInFront(machine: Machine, certificate: { key: string; cert: string }): Promise<Broken> {
  const cloud = await machine.reach(443);
  const front = createServer(certificate, (incoming, answer) => {
    const { connection: _, upgrade: __, ...headers } = incoming.headers;
    const { method, url: path } = incoming;
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: cloud.port,
        servername: 'app.netdata.cloud',
        ca: machine.ca.ca,
        method,
        path,
        headers,
      },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const inside = await machine.offer((front.address() as AddressInfo).port, 8443);
  const rule = 'OUTPUT -t nat -p tcp --dport 443 -m owner --uid-owner netdata -j REDIRECT --to-ports 8443';
  await machine.must(`iptables -I ${rule}`);
  return {
    async stop() {
      await machine.must(`iptables -D ${rule}`);
      await inside.close();
      front.closeAllConnections();
      await new Promise<void>((resolve) => void front.close(() => resolve()));
      await cloud.close();
    },
  };
}

/** Environment of the agent user's programs whose clock shows the second of January 1970. */
export async function in1970(machine: Machine): Promise<Record<string, string>> {
  const clock = '@1970-01-02 00:00:00';
  const library = (await machine.must('ls /usr/lib/*/faketime/libfaketime.so.1')).trim();
  // The clock lies in shared memory that the first of its programs makes and takes along: one that a shell leaves behind and that starts
  // after it would find none and end. So one program holds it until the machine ends. (It does not start the others: it would stay between
  // a signal and the one that it is meant for.)
  const holder = machine.start(
    ['faketime', '-f', clock, 'sh', '-c', 'echo "shared ${FAKETIME_SHARED:?}"; exec sleep infinity'],
    { user: 'netdata' },
  );
  const [, shared = ''] = await holder.printed(/^shared (\S+ \S+)$/m);
  // What measures durations goes on as it is.
  return { LD_PRELOAD: library, FAKETIME: clock, FAKETIME_SHARED: shared, DONT_FAKE_MONOTONIC: '1' };
}
