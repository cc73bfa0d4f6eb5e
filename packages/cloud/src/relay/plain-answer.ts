// The answer of an agent, decompressed. Without compression agents drop the link at large answers, so it is always asked for.

import { gunzip } from 'node:zlib';
import { CloudError } from '@claimstead/wire/errors';
import { maxReplyBodyBytes, type LinkReply } from '@claimstead/wire/link/http-over-link';
import type { RelayAnswer } from './relay.ts';

export const takesGzip: Readonly<Record<string, string>> = { 'Accept-Encoding': 'gzip' };

/** A small answer may grow to megabytes when it is decompressed; the limit holds while it grows. */
export function plainAnswer(reply: LinkReply, maxBytes = maxReplyBodyBytes): Promise<RelayAnswer> {
  const { status, contentType, body } = reply;
  // Agents label an empty body as compressed, too.
  if (reply.contentEncoding === undefined || body.length === 0)
    return Promise.resolve({ status, contentType, body, gzipped: undefined });
  return new Promise((resolve, reject) => {
    gunzip(body, { maxOutputLength: maxBytes }, (error, plain) => {
      if (error === null) resolve({ status, contentType, body: plain, gzipped: body });
      else
        reject(
          new CloudError(
            (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
              ? 'relay-answer-too-large'
              : 'relay-answer-invalid',
            { cause: error },
          ),
        );
    });
  });
}
