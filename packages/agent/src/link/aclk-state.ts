// What `netdatacli aclk-state [json]` and `/api/v1/aclk` tell of the link, under the keys that users' scripts know. Pure.

import type { LinkStatus } from './link.ts';

export interface AclkFacts {
  status: LinkStatus;
  claimed: boolean;
  machineGuid: string;
  hostname: string;
  nowMs: number;
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
const utc = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

export function aclkStateJson({ status, claimed, machineGuid, hostname, nowMs }: AclkFacts): Record<string, unknown> {
  const { identity, nextRetryAtMs } = status;
  const nextRetryInSeconds =
    nextRetryAtMs === undefined ? null : Math.max(0, Math.round((nextRetryAtMs - nowMs) / 100) / 10);
  return {
    'aclk-available': true,
    'aclk-version': 2,
    'protocols-supported': ['Protobuf'],
    'agent-claimed': claimed,
    'claimed-id': identity?.claimId ?? null,
    'key-words': identity?.keyWords ?? null,
    'cloud-url': identity?.cloudUrl ?? null,
    aclk_proxy: identity?.proxy ?? null,
    online: status.online,
    'used-cloud-protocol': 'Protobuf',
    'mqtt-version': 5,
    'received-app-layer-msgs': status.received,
    'received-mqtt-pubacks': status.acknowledged,
    'pending-mqtt-pubacks': 0,
    'reconnect-count': Math.max(0, status.connects - 1),
    'last-connect-time-utc': utc(status.connectedAtMs),
    'last-connect-time-puback-utc': null,
    'last-disconnect-time-utc': utc(status.disconnectedAtMs),
    'next-connection-attempt-utc': utc(nextRetryAtMs),
    'last-backoff-value': nextRetryInSeconds,
    'banned-by-cloud': status.state === 'banned',
    'last-error': status.lastError ?? null,
    'last-error-code': status.lastErrorCode ?? null,
    'next-retry-in-s': nextRetryInSeconds,
    proxy: identity?.proxy ?? null,
    stopwatch: status.stopwatch.map(({ hop, ms }) => ({ hop, ms: Math.round(ms * 10) / 10 })),
    'node-instances': [
      {
        hostname,
        mguid: machineGuid,
        claimed_id: identity?.claimId ?? null,
        'node-id': status.nodeId ?? null,
        'streaming-hops': 0,
        relationship: 'self',
        'streaming-online': true,
      },
    ],
  };
}

export function aclkStateText(facts: AclkFacts): string {
  const { status, claimed } = facts;
  const lines: [string, string][] = [
    ['ACLK Available', 'Yes'],
    ['ACLK Version', '2'],
    ['Protocols Supported', 'Protobuf'],
    ['Protocol Used', 'Protobuf'],
    ['MQTT Version', '5'],
    ['Claimed', claimed ? 'Yes' : 'No'],
    ['Claimed Id', status.identity?.claimId ?? 'null'],
    ['Key Words', status.identity?.keyWords ?? 'null'],
    ['Cloud URL', status.identity?.cloudUrl ?? 'null'],
    ['ACLK Proxy', status.identity?.proxy ?? 'none'],
    ['Online', status.online ? 'Yes' : 'No'],
    ['Reconnect count', String(Math.max(0, status.connects - 1))],
    ['Banned By Cloud', status.state === 'banned' ? 'Yes' : 'No'],
    ['Last Connection Time', utc(status.connectedAtMs) ?? 'never'],
    ['Last Disconnect Time', utc(status.disconnectedAtMs) ?? 'never'],
    ['Last Error', status.lastError ?? 'none'],
    ['Last Error Code', status.lastErrorCode ?? 'none'],
    ['Next Connection Attempt At', utc(status.nextRetryAtMs) ?? 'none planned'],
  ];
  return lines.map(([name, value]) => `${name}: ${value}`).join('\n');
}
