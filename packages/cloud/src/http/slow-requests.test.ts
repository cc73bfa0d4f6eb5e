// Connections that send too slowly. The limits are the same rules as the product's, in smaller numbers.

import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it } from 'vitest';
import { issueServerCertificate, makeCa } from '../tls/private-ca.ts';
import { tlsProtocol } from '../tls/tls.ts';
import { httpLimits, openListener } from './listener.ts';

it('closes connections that never finish their headers, their body or their handshake, and serves the others', async () => {
  const pair = await issueServerCertificate(await makeCa(Date.now()), ['localhost'], Date.now());
  const limits = {
    ...httpLimits,
    headersTimeoutMs: 300,
    requestTimeoutMs: 400,
    checkingIntervalMs: 100,
    handshakeTimeoutMs: 300,
  };
  const listener = await openListener({
    tls: { ...tlsProtocol, ...pair },
    limits,
    port: 0,
    address: '127.0.0.1',
    newRequestId: () => 'id',
  });
  listener.serve((request, response) => {
    request.resume();
    request.on('end', () => response.end('ok'));
  });
  const options = { port: listener.port, host: '127.0.0.1', rejectUnauthorized: false };
  const slow = (bytes: string): Promise<'closed'> =>
    new Promise((resolve) => {
      const socket = connectTls(options, () => socket.write(bytes));
      socket.on('error', () => resolve('closed'));
      socket.on('close', () => resolve('closed'));
      socket.resume();
    });
  const silent = new Promise<'closed'>((resolve) => {
    const socket = connect(options);
    socket.on('error', () => resolve('closed'));
    socket.on('close', () => resolve('closed'));
    socket.resume();
  });
  const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
  const crowd = Array.from({ length: 30 }, (_, index) =>
    slow(index % 2 === 0 ? head : `${head}Content-Length: 10\r\n\r\nx`),
  );
  const quick = await new Promise<string>((resolve) => {
    const socket = connectTls(options, () => socket.write(`${head}Content-Length: 1\r\nConnection: close\r\n\r\nx`));
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.on('close', () => resolve(heard));
  });
  expect(quick).toMatch(/^HTTP\/1\.1 200 /);
  expect(new Set(await Promise.all([...crowd, silent]))).toEqual(new Set(['closed']));
  await new Promise<void>((resolve) => listener.server.close(() => resolve()));
});

it('has limits that end a slow connection within 20 seconds', () => {
  const worst =
    Math.max(httpLimits.headersTimeoutMs, httpLimits.requestTimeoutMs, httpLimits.handshakeTimeoutMs) +
    httpLimits.checkingIntervalMs;
  expect(worst).toBeLessThan(20_000);
});

it('cuts a connection that asks for a large answer and never reads it', async () => {
  const pair = await issueServerCertificate(await makeCa(Date.now()), ['localhost'], Date.now());
  const limits = { ...httpLimits, stalledTimeoutMs: 200 };
  const listener = await openListener({
    tls: { ...tlsProtocol, ...pair },
    limits,
    port: 0,
    address: '127.0.0.1',
    newRequestId: () => 'id',
  });
  const answerBytes = 64 * 1024 * 1024;
  const gone = new Promise<void>((resolve) => {
    listener.serve((_request, response) => {
      response.once('close', resolve);
      response.end(Buffer.alloc(answerBytes));
    });
  });
  const socket = connectTls({ port: listener.port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
    socket.pause();
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  });
  socket.on('error', () => undefined);
  await gone;
  let readBytes = 0;
  socket.on('data', (bytes: Buffer) => (readBytes += bytes.length));
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.resume();
  });
  expect(readBytes).toBeLessThan(answerBytes);
  await new Promise<void>((resolve) => listener.server.close(() => resolve()));
});
