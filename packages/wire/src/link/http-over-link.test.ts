import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeLinkReply,
  decodeLinkRequest,
  encodeLinkReply,
  encodeLinkRequest,
  isRelayableTarget,
  type LinkRequest,
} from './http-over-link.ts';

const times = { nowUs: 1_700_000_000_123_456n, connectedAtUs: 1_699_999_999_000_001n, executionUs: 42 };
const base: LinkRequest = {
  messageId: 'm1',
  callbackTopic: '/agent/x/reply',
  timeoutMs: 1000,
  target: '/api/v1/info',
  headers: {},
};

describe('requests', () => {
  test('the bytes are what agents in the field read', () => {
    const bytes = encodeLinkRequest({ ...base, headers: { 'Accept-Encoding': 'gzip', 'X-Netdata-Role': 'admin' } });
    expect(bytes.toString()).toBe(
      '{"type":"http","msg-id":"m1","callback-topic":"/agent/x/reply","timeout":1000,"version":2}\r\n\r\n' +
        'GET /api/v1/info HTTP/1.1\r\nAccept-Encoding: gzip\r\nX-Netdata-Role: admin\r\n\r\n',
    );
  });

  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('a', '/', '?', '%', '\r', '\n', ' ', '\0', '#', '\\', ':', 'é', '\u2028'),
      maxLength: 40,
    }),
    fc.webUrl().map((url) => new URL(url).pathname + new URL(url).search),
  );

  test('whatever the target and headers, an agent sees one request with just that target and those headers, or none is sent', () => {
    fc.assert(
      fc.property(anything, anything, anything, (tail, name, value) => {
        const request: LinkRequest = {
          ...base,
          target: `/${tail}`,
          headers: { [name]: value, 'X-Netdata-Role': 'member' },
        };
        let bytes: Buffer;
        try {
          bytes = encodeLinkRequest(request);
        } catch {
          return;
        }
        const text = bytes.toString('latin1');
        expect(text.split('\r\n\r\n')).toHaveLength(3);
        expect(text.match(/X-Netdata-Role/gi)?.length).toBe(name.toLowerCase() === 'x-netdata-role' ? 2 : 1);
        const read = decodeLinkRequest(bytes);
        if (name.toLowerCase() === 'x-netdata-role') return expect(read).toBeUndefined();
        expect(read?.target).toBe(`/${tail}`);
        expect(read?.headers).toEqual({ [name.toLowerCase()]: value.trim(), 'x-netdata-role': 'member' });
      }),
      { numRuns: 20_000 },
    );
  });

  test('a target never holds what ends a line or a request', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
        if (isRelayableTarget(text)) expect(text).not.toMatch(/[\u0000-\u0020\u007f-\uffff#]/);
      }),
      { numRuns: 20_000 },
    );
    expect(isRelayableTarget('//evil')).toBe(false);
    expect(isRelayableTarget('/a b')).toBe(false);
    expect(isRelayableTarget(`/${'a'.repeat(5000)}`)).toBe(false);
  });

  test.each([
    ['no separator', '{"type":"http"}'],
    [
      'another method',
      '{"type":"http","msg-id":"a","callback-topic":"/a","timeout":1,"version":2}\r\n\r\nPOST /a HTTP/1.1\r\n\r\n',
    ],
    [
      'text after the end',
      '{"type":"http","msg-id":"a","callback-topic":"/a","timeout":1,"version":2}\r\n\r\nGET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1',
    ],
    [
      'a relative callback',
      '{"type":"http","msg-id":"a","callback-topic":"a","timeout":1,"version":2}\r\n\r\nGET /a HTTP/1.1\r\n\r\n',
    ],
    [
      'an old version',
      '{"type":"http","msg-id":"a","callback-topic":"/a","timeout":1,"version":1}\r\n\r\nGET /a HTTP/1.1\r\n\r\n',
    ],
    [
      'a header twice',
      '{"type":"http","msg-id":"a","callback-topic":"/a","timeout":1,"version":2}\r\n\r\nGET /a HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\n\r\n',
    ],
  ])('an agent does not read %s as a request', (_, text) => {
    expect(decodeLinkRequest(Buffer.from(text))).toBeUndefined();
  });

  test('no bytes make an agent throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => [decodeLinkRequest(Buffer.from(bytes)), decodeLinkReply(Buffer.from(bytes))]).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });
});

describe('replies', () => {
  test('any body comes back as it was', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2000 }),
        fc.constantFrom(200, 400, 404, 503),
        fc.constantFrom('gzip' as const, undefined),
        (body, status, contentEncoding) => {
          const reply = {
            messageId: 'm1',
            status,
            contentType: 'application/json',
            contentEncoding,
            body: Buffer.from(body),
          };
          expect(decodeLinkReply(encodeLinkReply(reply, times))).toEqual(reply);
        },
      ),
    );
  });

  test('a refusal without an inner answer has its status and no body', () => {
    const reply = decodeLinkReply(
      Buffer.from('{"type":"http","msg-id":"m1","version":2,"http-code":404,"error-code":2,"error-description":"x"}'),
    );
    expect(reply).toEqual({
      messageId: 'm1',
      status: 404,
      contentType: 'text/plain',
      contentEncoding: undefined,
      body: Buffer.alloc(0),
    });
  });

  test('the answer of an agent without Content-Length is taken whole', () => {
    const text =
      '{"type":"http","msg-id":"m1","version":2,"http-code":200}\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nSet-Cookie: a=b\r\n\r\n{"a":1}';
    expect(decodeLinkReply(Buffer.from(text))).toMatchObject({ status: 200, body: Buffer.from('{"a":1}') });
  });

  test.each([
    ['an encoding that nobody asked for', 'HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\nx'],
    ['a status that is none', 'HTTP/1.1 099 OK\r\n\r\nx'],
    ['no end of headers', 'HTTP/1.1 200 OK\r\nA: b'],
  ])('%s is not an answer', (_, inner) => {
    expect(
      decodeLinkReply(Buffer.from(`{"type":"http","msg-id":"m1","version":2,"http-code":200}\r\n\r\n${inner}`)),
    ).toEqual({ messageId: 'm1', malformed: true });
  });
});
