import { expect, test } from 'vitest';
import { parseCloudUrl } from './cloud-url.ts';

test.each([
  ['https://cloud.example.com', 'https://cloud.example.com'],
  ['https://cloud.example.com/', 'https://cloud.example.com'],
  ['https://cloud.example.com//', 'https://cloud.example.com'],
  [' HTTPS://Cloud.Example.com:8443 ', 'https://cloud.example.com:8443'],
  ['cloud.example.com', 'https://cloud.example.com'],
  ['localhost:8443', 'https://localhost:8443'],
  ['https://[::1]:8443/', 'https://[::1]:8443'],
  ['https://10.0.0.1', 'https://10.0.0.1'],
])('%j is %s', (text, url) => {
  expect(parseCloudUrl(text)).toEqual({ url });
});

test.each([
  ['http://cloud.example.com', /http:\/\/.*in the clear/],
  ['HTTP://cloud.example.com', /in the clear/],
  ['wss://cloud.example.com', /wss:\/\/; use https/],
  ['', /empty/],
  ['https://', /cannot be read/],
  ['https://user:pw@cloud.example.com', /user name/],
  ['https://cloud.example.com/path', /after the host/],
  ['https://cloud.example.com?x=1', /after the host/],
  ['https://cloud.example.com#x', /after the host/],
  ['https://cloud example', /cannot be read/],
  ['https://cloud.example.com\\@evil', /cannot be read/],
  ['https://cloud.example.com:99999', /cannot be read/],
  ['https://cloud.example.com:0', /port 0/],
])('%j is refused with a sentence', (text, words) => {
  const parsed = parseCloudUrl(text);
  expect('sentence' in parsed ? parsed.sentence : parsed.url).toMatch(words);
});

test('a password in the URL is never repeated', () => {
  expect(JSON.stringify(parseCloudUrl('https://user:CANARY@cloud.example.com'))).not.toContain('CANARY');
});
