import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readText } from '../../src/kube/client.ts';
import { adminConnection } from './shared.ts';

/**
 * The OpenID discovery of the shared control plane, where a cloud can read it: the
 * API server's own keys at an address without a client certificate, as the
 * operators of private clusters publish them.
 */
export async function startIssuer() {
  const keys = await read('/openid/v1/jwks', 'application/jwk-set+json');
  const discovery = JSON.parse(await read('/.well-known/openid-configuration', 'application/json')) as object;
  const server = createServer((request, response) => {
    const isKeys = request.url === '/keys';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(isKeys ? keys : JSON.stringify({ ...discovery, jwks_uri: `${url()}/keys` }));
  });
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { configUrl: `${url()}/.well-known/openid-configuration`, stop: () => server.close() };
}

async function read(path: string, accept: string): Promise<string> {
  const signal = AbortSignal.timeout(20_000);
  return readText(await adminConnection().request({ method: 'GET', path, headers: { accept }, signal }));
}

/** Judges tokens as a cloud would: issued by the shared control plane, for this audience and subject, and of this time. */
export async function tokenJudge(wanted: { readonly audience: string; readonly subject: string }) {
  const { keys } = JSON.parse(await read('/openid/v1/jwks', 'application/jwk-set+json')) as { keys: JsonWebKey[] };
  return (token: string): boolean => {
    const [head = '', claims = '', signature = ''] = token.split('.');
    const signed = keys.some((key) =>
      verify(
        'RSA-SHA256',
        Buffer.from(`${head}.${claims}`),
        createPublicKey({ key, format: 'jwk' }),
        Buffer.from(signature, 'base64url'),
      ),
    );
    if (!signed) return false;
    const { aud, sub, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
      readonly aud: readonly string[];
      readonly sub: string;
      readonly exp: number;
    };
    return aud.join(' ') === wanted.audience && sub === wanted.subject && exp * 1000 > Date.now();
  };
}
