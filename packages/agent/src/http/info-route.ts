// /api/v1/info: what this node is, and how far its claim got.

import type { Health } from '../health/health.ts';
import { listCollectors } from '../metrics/list-collectors.ts';
import type { MetricStore } from '../metrics/store.ts';
import { alarmCounts } from './alarms-route.ts';
import { hostLabels, type HostInfo } from './host-info.ts';
import { jsonReply } from './reply.ts';
import type { CloudFacts, Route } from './route.ts';

interface InfoParts {
  store: MetricStore;
  health: Health;
  hostInfo: HostInfo;
  version: string;
  machineGuid: string;
  hostname: string;
  cloudFacts(): CloudFacts;
}

export function infoRoutes(parts: InfoParts): Route[] {
  const answer: Route['answer'] = () => jsonReply(JSON.stringify(describeNode(parts)));
  return [{ path: '/api/v1/info', permission: 'anonymous-data', mayBeRelayed: true, answer }];
}

/** Keys and their order are those of stock agents; the four about the Cloud are always there and always boolean. */
function describeNode({ store, health, hostInfo, version, machineGuid, hostname, cloudFacts }: InfoParts): object {
  const facts = cloudFacts();
  return {
    version,
    uid: machineGuid,
    mirrored_hosts: [hostname],
    alarms: alarmCounts(health),
    os_name: hostInfo.os.name,
    os_id: hostInfo.os.id,
    os_id_like: hostInfo.os.idLike,
    os_version: hostInfo.os.version,
    os_version_id: hostInfo.os.versionId,
    os_detection: hostInfo.os.detection,
    cores_total: String(hostInfo.cores),
    total_disk_space: String(hostInfo.diskBytes),
    cpu_freq: String(hostInfo.cpuFrequencyHz),
    ram_total: String(hostInfo.ramBytes),
    ...containerOs(hostInfo),
    kernel_name: hostInfo.kernelName,
    kernel_version: hostInfo.kernelVersion,
    architecture: hostInfo.architecture,
    virtualization: hostInfo.virtualization,
    virt_detection: hostInfo.virtualizationDetection,
    container: hostInfo.container,
    container_detection: hostInfo.containerDetection,
    host_labels: hostLabels(hostInfo),
    collectors: listCollectors(store),
    'cloud-enabled': facts['cloud-enabled'],
    'cloud-available': facts['cloud-available'],
    'agent-claimed': facts['agent-claimed'],
    'aclk-available': facts['aclk-available'],
  };
}

function containerOs({ containerOs: os }: HostInfo): object {
  if (os === undefined) return {};
  return {
    container_os_name: os.name,
    container_os_id: os.id,
    container_os_id_like: os.idLike,
    container_os_version: os.version,
    container_os_version_id: os.versionId,
    container_os_detection: os.detection,
  };
}
