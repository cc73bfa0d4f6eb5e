// Every topic: name, direction, message it carries. The Cloud hands the list to the agent with the password, and the order is the
// topic alias number (1, 2, …) that agents of v1.38 and later use. [docs/link-protocol.md, Topics]

/** What an agent publishes on each topic, or `inbox` for what it subscribes to. */
export const topicTable = [
  ['chart', 'unused'],
  ['alarms', 'unused'],
  ['meta', 'unused'],
  ['inbox-cmd', 'inbox'],
  ['agent-connection', 'UpdateAgentConnection'],
  ['inbox-cmd-v1', 'inbox'],
  ['create-node-instance', 'CreateNodeInstance'],
  ['node-instance-connection', 'UpdateNodeInstanceConnection'],
  ['chart-and-dims-updated', 'unused'],
  ['chart-configs-updated', 'unused'],
  ['reset-charts', 'unused'],
  ['chart-retention-updated', 'unused'],
  ['node-instance-info', 'UpdateNodeInfo'],
  ['alarm-log-v2', 'AlarmLogEntry'],
  ['alarm-checkpoint', 'AlarmCheckpoint'],
  ['alarm-config', 'ProvideAlarmConfiguration'],
  ['alarm-snapshot-v2', 'AlarmSnapshot'],
  ['node-instance-collectors', 'UpdateNodeCollectors'],
  ['contexts-snapshot', 'ContextsSnapshot'],
  ['contexts-updated', 'ContextsUpdated'],
  ['alarm-log', 'AlarmLogEntry'],
  ['alarm-health', 'AlarmLogHealth'],
  ['alarm-snapshot', 'AlarmSnapshot'],
  ['node-instance-manifest', 'unused'],
] as const;

export type TopicName = (typeof topicTable)[number][0];
export type UpstreamName = Exclude<(typeof topicTable)[number][1], 'unused' | 'inbox'>;

const placeholder = '#{claim_id}';

function template(name: TopicName): string {
  if (name === 'inbox-cmd') return `/agent/${placeholder}/inbound/cmd`;
  if (name === 'inbox-cmd-v1') return `/agent/${placeholder}/inbound/v1/cmd/#`;
  if (name === 'agent-connection') return `/agent/${placeholder}/outbound/v1/connection`;
  return `/agent/${placeholder}/outbound/v1/${name}`;
}

/** The list as it is sent. Every topic holds the placeholder; a topic without it would stop an agent's alias table. */
export const topicTemplates: { name: TopicName; topic: string }[] = topicTable.map(([name]) => ({
  name,
  topic: template(name),
}));

const fill = (text: string, claimId: string): string => text.replace(placeholder, claimId);

/** Topic → what it carries, for one claim; what is not in here may not be published by that claim's agent. */
export function upstreamTopics(claimId: string): Map<string, UpstreamName | 'unused'> {
  const map = new Map<string, UpstreamName | 'unused'>();
  for (const [name, carries] of topicTable) if (carries !== 'inbox') map.set(fill(template(name), claimId), carries);
  return map;
}

/** Alias number → topic, for one claim: what an agent may use before it has defined it, because two of its threads may race. */
export const aliasedTopic = (claimId: string, alias: number): string | undefined => {
  const entry = topicTable[alias - 1];
  return entry === undefined ? undefined : fill(template(entry[0]), claimId);
};

/** The two filters that an agent subscribes to. */
export const inboxFilters = (claimId: string): [string, string] => [
  fill(template('inbox-cmd'), claimId),
  fill(template('inbox-cmd-v1'), claimId),
];

/** Where a relayed request is published. Agents know a request by the last segment, `cmd`. */
export const requestTopic = (claimId: string): string => `/agent/${claimId}/inbound/cmd`;
/** Where any other message is published. Agents know the message by the last segment. */
export const commandTopic = (claimId: string, message: string): string => `/agent/${claimId}/inbound/v1/cmd/${message}`;
/** Where an agent publishes replies to relayed requests; never aliased, and must start with `/`. */
export const replyTopic = (claimId: string): string => `/agent/${claimId}/outbound/v1/reply`;

/** Reads the list as an agent: name → topic with its claim id filled in, in alias order. Throws an Error with one sentence. */
export function readTopics(
  list: readonly { name: string; topic: string }[],
  claimId: string,
): Map<TopicName, { topic: string; alias: number }> {
  const known = new Set<string>(topicTable.map(([name]) => name));
  const topics = new Map<TopicName, { topic: string; alias: number }>();
  list.forEach(({ name, topic }, index) => {
    if (known.has(name) && topic.includes(placeholder))
      topics.set(name as TopicName, { topic: fill(topic, claimId), alias: index + 1 });
  });
  for (const name of [
    'inbox-cmd',
    'inbox-cmd-v1',
    'agent-connection',
    'create-node-instance',
    'node-instance-connection',
    'node-instance-info',
  ] as const) {
    if (!topics.has(name)) throw new Error(`the Cloud's topics lack ${name}`);
  }
  return topics;
}
