// An authenticator in software, for tests: it makes a P-256 key and signs what it is asked, and can be told to do it wrongly.

import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface SoftAuthenticator {
  register(options: { challenge: string }): object;
  prove(options: { challenge: string }): object;
  /** What it does wrongly from now on. */
  wrong: { origin?: string; rpId?: string; userVerified?: boolean; type?: string; userHandle?: string };
  /** Signatures so far; an authenticator that is copied counts twice. */
  counter: number;
}

type Cbor = number | string | Uint8Array | Map<number | string, Cbor>;

/** As much of CBOR as an attestation needs [RFC 8949 §3]. */
function cbor(value: Cbor): Buffer {
  const head = (major: number, length: number): Buffer =>
    length < 24
      ? Buffer.from([(major << 5) | length])
      : length < 256
        ? Buffer.from([(major << 5) | 24, length])
        : Buffer.from([(major << 5) | 25, length >> 8, length & 255]);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, one]) => [cbor(key), cbor(one)])]);
}

export function createSoftAuthenticator(site: { origin: string; rpId: string; userHandle: string }): SoftAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = randomBytes(32);
  const jwk = publicKey.export({ format: 'jwk' });
  const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64url');
  const cose = cbor(
    new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(jwk.x)],
      [-3, bytes(jwk.y)],
    ]),
  );
  const id = credentialId.toString('base64url');
  const outer = { id, rawId: id, type: 'public-key', clientExtensionResults: {} };
  const own: SoftAuthenticator = {
    wrong: {},
    counter: 0,
    register({ challenge }) {
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, credentialId.length]), credentialId, cose]);
      const attestation = new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData(0x40, attested)],
      ]);
      return {
        ...outer,
        response: {
          clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
          attestationObject: cbor(attestation).toString('base64url'),
          transports: ['internal'],
        },
      };
    },
    prove({ challenge }) {
      own.counter++;
      const authenticatorData = authData(0, Buffer.alloc(0));
      const client = clientData('webauthn.get', challenge);
      const signed = Buffer.concat([authenticatorData, createHash('sha256').update(client).digest()]);
      return {
        ...outer,
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: authenticatorData.toString('base64url'),
          signature: sign('sha256', signed, privateKey).toString('base64url'),
          userHandle: Buffer.from(own.wrong.userHandle ?? site.userHandle).toString('base64url'),
        },
      };
    },
  };
  const clientData = (type: string, challenge: string): Buffer =>
    Buffer.from(
      JSON.stringify({
        type: own.wrong.type ?? type,
        challenge,
        origin: own.wrong.origin ?? site.origin,
        crossOrigin: false,
      }),
    );
  const authData = (flags: number, attested: Buffer): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(own.counter);
    const rpHash = createHash('sha256')
      .update(own.wrong.rpId ?? site.rpId)
      .digest();
    // User present, user verified.
    const seen = own.wrong.userVerified === false ? 0x01 : 0x05;
    return Buffer.concat([rpHash, Buffer.from([flags | seen]), counter, attested]);
  };
  return own;
}
