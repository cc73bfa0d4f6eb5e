import { describe, expect, test } from 'vitest';
import { environmentFor, readEnvironment } from './environment.ts';
import { aliasedTopic, readTopics, topicTemplates, upstreamTopics } from './topics.ts';

const environment = environmentFor(new URL('https://cloud.example'));

describe('what agents in the field need of the environment', () => {
  test('ports are explicit, MQTTv5 stands first, and no other type is listed', () => {
    expect(environment.transports).toEqual([
      { type: 'MQTTv5', endpoint: 'wss://cloud.example:443/mqtt' },
      { type: 'MQTTv3', endpoint: 'wss://cloud.example:443/mqtt' },
    ]);
    expect(environment.authEndpoint).toBe('https://cloud.example:443/api/v1/auth');
    expect(environment.encoding).toBe('proto');
    expect(environment.capabilities).toContain('proto');
  });
  test('the back-off is constant: 3 s as milliseconds, since they compare seconds and sleep milliseconds', () => {
    expect(environment.backoff).toEqual({ base: 2, minSeconds: 3000, maxSeconds: 3000 });
    expect(environment.backoff.maxSeconds).toBeGreaterThanOrEqual(500);
  });
  test('all 24 topics hold the place of the claim id', () => {
    expect(topicTemplates).toHaveLength(24);
    for (const { topic } of topicTemplates) expect(topic).toContain('#{claim_id}');
    expect(aliasedTopic('c', 5)).toBe('/agent/c/outbound/v1/connection');
    expect(upstreamTopics('c').has('/agent/c/inbound/cmd')).toBe(false);
  });
});

describe('what our agent takes', () => {
  test('its own environment', () => {
    const destination = readEnvironment(JSON.parse(JSON.stringify(environment)));
    expect(destination.mqttEndpoint.href).toBe('wss://cloud.example/mqtt');
    expect(destination).toMatchObject({ minDelayMs: 3000, maxDelayMs: 3000 });
    expect(readTopics(topicTemplates, 'c').get('agent-connection')).toEqual({
      topic: '/agent/c/outbound/v1/connection',
      alias: 5,
    });
  });
  test.each([
    [
      { base: 2, minSeconds: 0, maxSeconds: 0 },
      { minDelayMs: 0, maxDelayMs: 1000 },
    ],
    [
      { base: 2, minSeconds: 0, maxSeconds: 500 },
      { minDelayMs: 0, maxDelayMs: 1000 },
    ],
    [
      { base: 2, minSeconds: 1e300, maxSeconds: 0.001 },
      { minDelayMs: 60_000, maxDelayMs: 60_000 },
    ],
    ['none', { minDelayMs: 1000, maxDelayMs: 300_000 }],
  ])('delays within bounds from %j', (backoff, delays) => {
    expect(readEnvironment({ ...environment, backoff })).toMatchObject(delays);
  });
  test.each([
    ['plain http', { ...environment, authEndpoint: 'http://cloud.example/api' }],
    ['plain ws', { ...environment, transports: [{ type: 'MQTTv5', endpoint: 'ws://cloud.example:80/mqtt' }] }],
    ['credentials in a URL', { ...environment, authEndpoint: 'https://u:p@cloud.example/api' }],
    ['another encoding', { ...environment, encoding: 'json' }],
    ['no transport', { ...environment, transports: [] }],
    ['no object', 'x'],
  ])('not %s', (_, value) => {
    expect(() => readEnvironment(value)).toThrow(/environment/);
  });
});
