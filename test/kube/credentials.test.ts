import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { createKubeConnection, type KubeConnection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kube-config.ts';
import { startControlPlane, type ControlPlane } from '../servers/control-plane.ts';
import { requestJson, until, watchConfigMaps, whoAmI, writer } from './cluster.ts';

let plane: ControlPlane;
let admin: KubeConnection;
const ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  plane = await startControlPlane();
  admin = createKubeConnection(loadKubeConfig({ file: plane.kubeconfig }));
  for (const name of ['first', 'second']) {
    await requestJson(admin, 'POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name } });
  }
});

afterAll(async () => {
  await admin.close();
  await plane.stop();
});

afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(ends.splice(0).map((end) => end()));
});

function open(config: KubeConfig): KubeConnection {
  const connection = createKubeConnection(config);
  ends.push(() => connection.close());
  return connection;
}

/** A connection whose user is given as a kubeconfig has it. */
function connect(name: string, user: unknown): KubeConnection {
  const file = join(plane.folder, `${name}.kubeconfig`);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'local', cluster: { server: plane.serverUrl, 'certificate-authority': plane.caFile } }],
    users: [{ name: 'local', user }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
    'current-context': 'local',
  };
  writeFileSync(file, stringify(config));
  return open(loadKubeConfig({ file }));
}

async function tokenOf(account: string): Promise<string> {
  const path = `/api/v1/namespaces/default/serviceaccounts/${account}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
  const answer = await requestJson(admin, 'POST', path, body);
  return (answer.body as { readonly status: { readonly token: string } }).status.token;
}

const certificate = (files: { readonly certFile: string; readonly keyFile: string }) => ({
  'client-certificate': files.certFile,
  'client-key': files.keyFile,
});

describe('a client certificate on a real API server', () => {
  it('takes effect when it is issued anew: requests and watches outlive the first one', async () => {
    const issue = (user: string, seconds: number) =>
      plane.clientCertificate({ name: 'rotating', user, group: 'system:masters', seconds });
    const files = issue('before', 6);
    const copy = { certFile: join(plane.folder, 'old.crt'), keyFile: join(plane.folder, 'old.key') };
    copyFileSync(files.certFile, copy.certFile);
    copyFileSync(files.keyFile, copy.keyFile);
    const unrotated = connect('unrotated', certificate(copy));
    const rotating = connect('rotating', certificate(files));
    expect([await whoAmI(unrotated), await whoAmI(rotating)]).toEqual(['before', 'before']);
    const watched = watchConfigMaps(rotating, 'default', { watchSeconds: 1 });
    // One that the API server does not end: it began with the first certificate.
    const long = watchConfigMaps(rotating, 'default');
    ends.unshift(
      () => watched.stop(),
      () => long.stop(),
    );
    const write = writer(admin, 'default');
    await until('the lists are there', () => watched.store.reader.synced && long.store.reader.synced);

    issue('after', 3600);
    expect(await whoAmI(rotating)).toBe('after');
    await write.create('during-rotation');
    await until(
      'both watches see it',
      () => 'during-rotation' in watched.values() && 'during-rotation' in long.values(),
    );
    await until('the first certificate has expired', async () => (await whoAmI(unrotated)) === '401');

    expect(await whoAmI(rotating)).toBe('after');
    await write.create('after-expiry');
    await until('both watches see it', () => 'after-expiry' in watched.values() && 'after-expiry' in long.values());
    expect(watched.log.lines.map(({ fields }) => fields['status'])).not.toContain(401);
    expect(long.log.lines).toEqual([]);
  });

  it('that is missing for a moment costs requests, not the connection', async () => {
    const issue = () => plane.clientCertificate({ name: 'gone', user: 'u', group: 'system:masters', seconds: 3600 });
    const files = issue();
    const connection = connect('gone', certificate(files));
    expect(await whoAmI(connection)).toBe('u');
    writeFileSync(files.certFile, 'half a certifi');
    await expect(whoAmI(connection)).rejects.toThrow();
    issue();
    expect(await whoAmI(connection)).toBe('u');
  });
});

describe('a token on a real API server', () => {
  it('is read again from the file of the pod, at the latest after a minute', async () => {
    const folder = join(plane.folder, 'pod', 'var/run/secrets/kubernetes.io/serviceaccount');
    mkdirSync(folder, { recursive: true });
    copyFileSync(plane.caFile, join(folder, 'ca.crt'));
    writeFileSync(join(folder, 'namespace'), 'default');
    writeFileSync(join(folder, 'token'), await tokenOf('first'));
    const { hostname, port } = new URL(plane.serverUrl);
    const before = { ...process.env };
    Object.assign(process.env, { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port });
    const config = new KubeConfig();
    config.loadFromCluster(join(plane.folder, 'pod'));
    process.env = before;
    const connection = open(config);
    expect(await whoAmI(connection)).toBe('system:serviceaccount:default:first');

    writeFileSync(join(folder, 'token'), await tokenOf('second'));
    jest.useFakeTimers({ advanceTimers: true, now: Date.now() + 61_000 });
    expect(await whoAmI(connection)).toBe('system:serviceaccount:default:second');
  });

  it('comes from an exec plugin, which is asked again when the token has expired', async () => {
    const [tokenFile, script, calls] = ['exec-token', 'plugin.mjs', 'calls'].map((name) => join(plane.folder, name));
    writeFileSync(
      script!,
      `import { appendFileSync, readFileSync } from 'node:fs';
       appendFileSync(process.argv[3], 'x');
       const [token, expirationTimestamp] = readFileSync(process.argv[2], 'utf8').split(' ');
       const status = { token, expirationTimestamp };
       console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }));`,
    );
    const give = async (account: string, expires: string) =>
      writeFileSync(tokenFile!, `${await tokenOf(account)} ${expires}`);
    const past = '2020-01-01T00:00:00Z';
    const future = '2100-01-01T00:00:00Z';
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [script, tokenFile, calls],
      interactiveMode: 'Never',
    };
    const connection = connect('exec', { exec });
    await give('first', past);
    expect(await whoAmI(connection)).toBe('system:serviceaccount:default:first');
    await give('second', future);
    expect(await whoAmI(connection)).toBe('system:serviceaccount:default:second');
    await give('first', future);
    expect(await whoAmI(connection)).toBe('system:serviceaccount:default:second');
    expect(readFileSync(calls!, 'utf8')).toBe('xx');
  });
});
