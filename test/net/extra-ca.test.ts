import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { temporaryFolder } from '../servers/process.ts';
import { answering, cleanUp, createPki, OK, startTlsServer } from './servers.ts';

afterEach(cleanUp);

/** Sends one request as the operator does, in a process of its own, and prints how it ended. */
const REQUEST = `
  import { createGuardedHttp } from ${JSON.stringify(new URL('../../src/net/guarded-http.ts', import.meta.url).href)};
  const net = createGuardedHttp({ policy: { allows: () => true }, proxy: {} });
  const answer = await net.http.send({ method: 'GET', url: process.argv[1] }, new AbortController().signal);
  console.log(answer.ok ? 'answered' : answer.error.kind);
  await net.close();`;

async function outcome(url: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', REQUEST, url], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text.trim();
}

it('a CA is trusted by NODE_EXTRA_CA_CERTS, and not for being among the CAs of the image', async () => {
  const pki = await createPki();
  const file = join(temporaryFolder('byob-ca-'), 'ca.crt');
  writeFileSync(file, pki.ca());
  const server = await startTlsServer(pki.issue({ hosts: '127.0.0.1' }), answering(OK));
  const url = `https://${server.host}/`;
  // What OpenSSL reads as the store of the machine.
  expect(await outcome(url, { SSL_CERT_FILE: file })).toBe('TlsIssuerUnknown');
  expect(await outcome(url, { NODE_EXTRA_CA_CERTS: file })).toBe('answered');
});
