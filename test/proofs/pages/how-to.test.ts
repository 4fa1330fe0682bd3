import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createBucket, startMinio, type Minio } from '../../servers/minio.ts';
import {
  applySecret,
  applyStorage,
  eventsOf,
  getStorage,
  minioBucket,
  rootKey,
  untilStorage as untilStorageWithin,
} from '../../servers/objects.ts';
import { startOperator, type OperatorProcess } from '../../servers/operator.ts';
import { temporaryFolder } from '../../servers/process.ts';
import { tracesOf } from '../../servers/secrecy.ts';
import { newNamespace, sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { applyWandb, installWeightsAndBiases } from '../../servers/weights-and-biases.ts';
import type { TeamStorage } from '../../../src/api/resources.ts';
import { BLOCKS } from '../../docs/pages.ts';
import { openPage, openTerminal, tableOf, type CommandPage, type Terminal } from '../../docs/terminal.ts';

// The how-tos are followed in the order in which an administrator needs them, each on what the one before left.
const KEYS = { first: 'omega/secret&key:1,#', second: 'omega/secret&key:2,#' };
let namespace = '';
let minio: Minio;
let operator: OperatorProcess;
let terminal: Terminal;

/** What a reader puts in place of the examples. */
const own = (): readonly (readonly [string, string])[] => [
  ['-n wandb', `-n ${namespace}`],
  ['namespace: wandb', `namespace: ${namespace}`],
  ['https://minio.acme.example:9000', minio.endpoint],
];
const pageOf = (name: string, ...changes: readonly (readonly [string, string])[]): CommandPage =>
  openPage(`docs/${name}.md`, [...own(), ...changes]);
const team = (name: string) => ({ namespace, kind: 'TeamStorage', name }) as const;
/** A net for hangs, long enough for a machine with much else to do. */
const MOST_SECONDS = 180;
jest.setTimeout(3 * MOST_SECONDS * 1000);
const untilStorage = (...[at, wanted]: Parameters<typeof untilStorageWithin>): ReturnType<typeof untilStorageWithin> =>
  untilStorageWithin(at, wanted, MOST_SECONDS);
const ready = { ready: 'True', published: 'True' } as const;

beforeAll(async () => {
  namespace = await newNamespace('pages');
  minio = await startMinio();
  const folder = temporaryFolder('byob-pages-');
  const { kubeconfig } = sharedServers();
  terminal = await openTerminal({ KUBECONFIG: kubeconfig, KUBECACHEDIR: folder, MC_CONFIG_DIR: folder }, folder);
  await createBucket(minio, 'wandb-data');
  await applySecret(namespace, 'wandb-bucket', rootKey(minio));
  await applyStorage(namespace, 'InstanceStorage', 'wandb', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio, 'wandb-data', 'wandb-bucket'),
  });
  operator = await startOperator(namespace);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, ready);
});

afterAll(async () => {
  await operator.stop();
  await minio.stop();
});

it('minio.md: user, policy, Secret and storage, until the team is Ready', async () => {
  const page = pageOf('how-to/minio', ["'<secret>'", `'${KEYS.first}'`], ['<secret>', `'${KEYS.first}'`]);
  const [, alias = ''] = /`(mc alias set [^`]+)`/.exec(readFileSync('docs/how-to/minio.md', 'utf8')) ?? [];
  const login = alias.replace('<user> <password>', `${minio.rootUser} ${minio.rootPassword}`);
  await terminal.enter(login.replace('https://minio.acme.example:9000', minio.endpoint));
  await terminal.enter(page.block('mc mb'));
  await terminal.enter(`touch ca.crt && ${page.block('kubectl create configmap minio-ca')}`);
  await terminal.enter(page.block('kubectl create secret'));
  const manifest = BLOCKS.findLast(
    ({ page: path, language }) => path === 'docs/how-to/minio.md' && language === 'yaml',
  );
  // As the page says of a store without a private CA.
  const spec = (manifest?.text ?? '').replace(/^ *caBundle:.*\n/m, '');
  await terminal.enter(
    own().reduce((text, [from, to]) => text.replaceAll(from, to), `kubectl apply -f - <<EOF\n${spec}EOF`),
  );
  await untilStorage(team('omega'), ready);
  const [row] = tableOf(await terminal.enter(page.block('kubectl get wbts omega')));
  expect(row).toMatchObject({ READY: 'True', PUBLISHED: 'True', BUCKET: 'omega-data' });
  const { status } = await getStorage(namespace, 'TeamStorage', 'omega');
  const unknown = status?.checks?.filter(({ result }) => result === 'Unknown').map(({ name }) => name);
  expect(unknown).toEqual(expect.arrayContaining(['ObjectsDeletable', 'LifecycleSafe']));
  // Requests are refused in it all the same: the grant does not cover these settings, and unsigned requests have to be.
  const probes = operator.log().filter(({ kind, name }) => kind === 'TeamStorage' && name === 'omega');
  expect(probes.filter(({ message }) => message === 'requests of a probe failed')).toEqual([]);
  expect(probes.some(({ message, failures }) => message === 'bucket probed' && Array.isArray(failures))).toBe(true);
  // A setting of the server, shown without a command.
  expect(page.left()).toEqual(['MINIO_API_CORS_ALLOW_ORIGIN=https://wandb.acme.example\n']);
});

describe('rotate-a-key.md', () => {
  const withKey = (id: string, secret: string): CommandPage =>
    pageOf('how-to/rotate-a-key', ['"<id>"', `"${id}"`], ['"<secret>"', `"${secret}"`]);

  it('a key that does not work changes nothing, and the message says what is still published', async () => {
    await terminal.enter(withKey('omega-app', 'not-the-key').block('kubectl patch secret'));
    const failed = await untilStorage(team('omega'), { ready: 'False', published: 'True' });
    const shown = BLOCKS.find(
      ({ page, text }) => page.endsWith('rotate-a-key.md') && text.startsWith('Still published'),
    );
    const pattern = (shown?.text ?? '')
      .trim()
      .replace(/\s+/g, ' ')
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/fingerprint [0-9a-f]{8}/g, 'fingerprint [0-9a-f]{8}');
    const message = failed.status?.conditions?.find(({ type }) => type === 'Ready')?.message ?? '';
    expect(message.replace(/\s+/g, ' ')).toMatch(new RegExp(pattern.replaceAll('om\\*\\*\\*', '\\S+')));
  });

  it('a key that does not work is a warning in the log, with the failed requests', () => {
    const warnings = operator.log().filter(({ level, name }) => level === 'warn' && name === 'omega');
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: 'readiness changed', kind: 'TeamStorage', reason: 'SecretKeyWrong' }),
    );
    expect(warnings).toContainEqual(expect.objectContaining({ message: 'requests of a probe failed' }));
  });

  it('a key that works is proven and published', async () => {
    await terminal.enter(
      `mc admin user add store omega-app-2 '${KEYS.second}' && mc admin policy attach store omega --user omega-app-2`,
    );
    const page = withKey('omega-app-2', KEYS.second);
    await terminal.enter(page.block('kubectl patch secret'));
    await untilStorage(team('omega'), ready);
    const rotated = page.block('kubectl get events');
    expect(await terminal.until(rotated, (printed) => printed.includes('Rotated'))).toContain('the new credential');
    // The operator does not restart the server here.
    expect(await terminal.enter(page.block('kubectl get wbts omega -n wandb -o jsonpath'))).toBe('');
  });
});

it('move-an-endpoint.md: the bucket moves to another address, and the old entry stays until then', async () => {
  const address = minio.endpoint.replace('127.0.0.1', 'localhost');
  const page = pageOf('how-to/move-an-endpoint', ['sigma', 'tau'], ['https://minio.acme.example', address]);
  const bucketFrom = { teamStorageRef: { name: 'omega' }, path: 'teams/tau' };
  await applyStorage(namespace, 'TeamStorage', 'tau', { team: 'tau', bucketFrom });
  await untilStorage(team('tau'), ready);

  const [columns = '', policy = ''] = page.block('kubectl get wbts -n wandb -o custom-columns').split('\n');
  expect(tableOf(await terminal.enter(columns)).find(({ NAME }) => NAME === 'tau')).toMatchObject({
    'FROM-TEAM': 'omega',
  });
  await terminal.enter(policy);
  const move = page.block('kubectl patch wbts omega -n wandb --type merge -p \'{"spec":{"bucketChangePolicy":"Allow"');
  const bound = page.block('kubectl get wbts omega -n wandb -o jsonpath');
  // Nobody listens there.
  await terminal.enter(move.replace(address, 'http://localhost:1'));
  await untilStorage(team('omega'), { ready: 'False', published: 'True' });
  expect(await terminal.enter(bound)).toBe(minio.endpoint);

  await terminal.enter(move);
  await terminal.until(bound, (printed) => printed === address);
  for (const name of ['omega', 'tau']) {
    await untilStorage(team(name), ready);
    await terminal.enter(
      page
        .block('kubectl patch wbts omega -n wandb --type merge -p \'{"spec":{"bucketChangePolicy":"Forbid"')
        .replace('omega', name),
    );
    const { status } = await untilStorage(team(name), ready);
    expect(status?.boundBucket?.endpoint).toBe(address);
  }
  expect(page.left()).toEqual([]);
});

describe('day-2.md', () => {
  const page = (...changes: readonly (readonly [string, string])[]): CommandPage => pageOf('how-to/day-2', ...changes);
  const said = (name: string, reason: string): Promise<void> =>
    until(`${name} ${reason}`, async () => (await eventsOf(namespace, name)).at(-1) === reason, MOST_SECONDS);
  const fileStores = `kubectl get secret wandb-storage -n NAMESPACE -o jsonpath='{.data.SUPPORTED_FILE_STORES}'`;
  let manifest = '';
  /** Enters all lines but the last, which deletes, and that one once the operator has recorded the policy. */
  const enterThenDelete = async (lines: string): Promise<void> => {
    const written = (): number => operator.log().filter(({ message }) => message === 'ledger written').length;
    const before = written();
    const [remove = '', ...others] = lines.trim().split('\n').reverse();
    await terminal.enter(others.reverse().join('\n'));
    await until('the policy is recorded', () => written() > before, MOST_SECONDS);
    await terminal.enter(remove);
  };

  it('shows what is published, and for whom', async () => {
    const printed = await terminal.enter(page().block('kubectl get configmap wandb-storage'));
    expect(printed).toContain('claim: TeamStorage/omega');
    expect(printed).toContain('"retained":0');
    manifest = await terminal.enter(`kubectl get wbts omega -n ${namespace} -o yaml`);
  });

  it('with Remove the entry leaves, and a bucket that others use stays', async () => {
    await enterThenDelete(
      page(['omega', 'tau']).block('kubectl patch wbts omega -n wandb --type merge -p \'{"spec":{"deletionPolicy"'),
    );
    await said('tau', 'Removed');
    expect(await terminal.enter(fileStores.replace('NAMESPACE', namespace))).not.toBe('');
  });

  it('with Retain the entry stays, also for an object of the name with another bucket', async () => {
    await terminal.enter(`kubectl delete wbts omega -n ${namespace}`);
    await said('omega', 'Retained');
    expect(await terminal.enter(page().block('kubectl get events'))).toMatch(/Normal +Retained +teamstorage\/omega/);
    const bucket = minioBucket(minio, 'wandb-data', 'omega-bucket', { path: 'omega' });
    await applyStorage(namespace, 'TeamStorage', 'omega', { team: 'omega', bucket });
    await untilStorage(team('omega'), { ready: 'False', reason: 'BucketChangeForbidden', published: 'True' });
    await terminal.enter(`kubectl delete wbts omega -n ${namespace}`);
  });

  it('a retained entry is removed by an object on the same bucket', async () => {
    const file = manifest.replace('spec:\n', 'spec:\n  deletionPolicy: Remove\n').replace(/^status:[\s\S]*/m, '');
    await terminal.enter(
      `cat > omega.yaml <<'EOF'\n${file.replace(/^ {2}(uid|resourceVersion|generation): .*\n/gm, '')}EOF`,
    );
    await enterThenDelete(page().block('kubectl apply -n wandb -f omega.yaml'));
    await said('omega', 'Removed');
    expect(await terminal.enter(fileStores.replace('NAMESPACE', namespace))).toBe('');
  });

  it('a team moves to another bucket with Allow, and stops and goes on with suspend', async () => {
    await terminal.enter(`mc mb store/omega-new && mc admin policy attach store readwrite --user omega-app-2`);
    await terminal.enter(`kubectl apply -n ${namespace} -f omega.yaml`);
    await untilStorage(team('omega'), ready);
    const [move = '', bound = '', forbid = ''] = page()
      .block('kubectl patch wbts omega -n wandb --type merge -p \'{"spec":{"bucketChangePolicy"')
      .split('\n');
    await terminal.enter(move);
    await terminal.until(bound, (printed) => printed === 'omega-new');
    await terminal.enter(forbid);
    await untilStorage(team('omega'), ready);
    await until(
      'the old entry has left',
      async () => {
        const value = await terminal.enter(fileStores.replace('NAMESPACE', namespace));
        return !Buffer.from(value, 'base64').toString('utf8').includes('omega-data');
      },
      MOST_SECONDS,
    );

    const suspend = page().block('kubectl patch wbts omega -n wandb --type merge -p \'{"spec":{"suspend"');
    await terminal.enter(suspend);
    await untilStorage(team('omega'), ready);
    await terminal.enter(suspend.replace('true', 'false'));
    await untilStorage(team('omega'), ready);
  });
});

it('multi-tenancy.md: who shares a bucket is listed', async () => {
  const page = pageOf('explanation/multi-tenancy');
  const rows = tableOf(await terminal.enter(page.block('kubectl get wbts')));
  expect(rows).toEqual([{ NAME: 'omega', ISOLATED: 'ExclusiveBucket', 'SHARED-WITH': '<none>' }]);
});

it('outages.md: a shorter interval and a validation on request', async () => {
  const page = pageOf('explanation/outages');
  await terminal.enter(page.block('kubectl patch wbts omega'));
  await terminal.enter(page.block('kubectl annotate wbts omega'));
  await until('the request was answered', async () => {
    const { status, spec } = (await untilStorage(team('omega'), ready)) as TeamStorage;
    return status?.lastHandledReconcileAt !== undefined && spec.validation?.interval === '5m';
  });
  expect(page.left()).toEqual([]);
});

it('deliver-to-the-server.md: the fields are written, and without restarts the message has the command', async () => {
  const page = pageOf('how-to/deliver-to-the-server');
  await installWeightsAndBiases();
  await applyWandb(namespace, { version: 'v1', name: 'wandb' }, { values: {} });
  const { text: delivery = '' } =
    BLOCKS.find(({ page: path, text }) => path.endsWith('deliver-to-the-server.md') && text.includes('delivery:')) ??
    {};
  const patch = `kubectl patch wbis wandb -n ${namespace} --type merge`;
  await terminal.enter(`${patch} --patch-file /dev/stdin <<'EOF'\n${delivery}EOF`);
  const [delivered = '', fields = ''] = page.block('kubectl get wbis wandb').split('\n');
  await terminal.until(delivered, (printed) => printed.includes('"reason":"Delivered"'));
  expect(await terminal.enter(fields)).toContain('manager: byob-operator/wandb');
  expect(await terminal.enter(page.block('kubectl get configmap'))).toContain('secretKeyRef');

  await terminal.enter(`${patch} -p '{"spec":{"delivery":{"restart":{"mode":"Manual"}}}}'`);
  const rolledOut = `kubectl get wbis wandb -n ${namespace} -o jsonpath='{.status.conditions[?(@.type=="RolledOut")]}'`;
  const manual = await terminal.until(rolledOut, (printed) => printed.includes('"reason":"RestartRequired"'));
  expect(manual).toContain(`kubectl rollout restart deployment -n ${namespace} -l app.kubernetes.io/instance=wandb`);

  await terminal.enter(`${patch} -p '{"spec":{"delivery":null}}'`);
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, ready);
  // The chart is installed by other tests.
  expect(page.left()).toEqual([expect.stringMatching(/^helm upgrade /)]);
});

it('back-up-and-restore.md: a lost namespace is as it was', async () => {
  const page = pageOf('how-to/back-up-and-restore');
  const outputs = `kubectl get secret wandb-storage -n ${namespace} -o jsonpath='{.data}'`;
  const before = await terminal.enter(outputs);
  await terminal.enter(page.block('kubectl get wbis,wbts'));
  await operator.stopOnly();
  await terminal.enter(
    `kubectl delete wbis,wbts,configmaps --all -n ${namespace} && kubectl delete secrets -n ${namespace} --all`,
  );
  await terminal.enter(page.block('kubectl create -f published.yaml'));
  await terminal.enter(page.block('kubectl create -f storages.yaml'));
  await operator.startAgain();
  // The statuses are new: until the operator has written them there is nothing to wait for.
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, ready);
  await terminal.enter(page.block('kubectl wait'));
  expect(await terminal.enter(outputs)).toBe(before);
  expect(page.left()).toEqual([]);
});

it('clean-up-after-an-instance.md: what stays is listed, and leaves for good', async () => {
  const page = pageOf('how-to/clean-up-after-an-instance');
  await terminal.enter(`kubectl delete wbts --all -n ${namespace} && kubectl delete wbis wandb -n ${namespace}`);
  expect(await terminal.enter(page.block('kubectl get instancestorages'))).toContain('No resources found');
  expect(await terminal.enter(page.block('kubectl get teamstorages'))).toMatch(/^NAME +INSTANCE\s*$/);
  expect(await terminal.enter(`${page.block('kubectl get deployments').trim()} || true`)).toBe('');
  const list = page.block('kubectl get secrets,configmaps');
  const listed = (await terminal.enter(list)).match(/^(secret|configmap)\/\S+/gm);
  expect(listed?.toSorted()).toEqual([
    'configmap/wandb-storage',
    'secret/wandb-storage',
    'secret/wandb-storage-ledger',
  ]);

  const [release = '', remove = ''] = page.block('kubectl label secrets,configmaps -n wandb -l app').split('\n');
  await terminal.enter(release);
  expect(await terminal.enter(list)).toContain('No resources found');
  await terminal.enter(page.block('kubectl label secrets,configmaps -n wandb -l storage'));
  expect((await terminal.enter(list)).match(/^(secret|configmap)\/\S+/gm)).toHaveLength(3);
  await terminal.enter(`${release}\n${remove}`);
  // The operator has worked again meanwhile, and wrote none of them.
  await applyStorage(namespace, 'InstanceStorage', 'other', {
    deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
    bucket: minioBucket(minio, 'wandb-data', 'wandb-bucket'),
  });
  await untilStorage({ namespace, kind: 'InstanceStorage', name: 'other' }, ready);
  expect(await terminal.enter(list)).toContain('No resources found');
  expect(page.left()).toEqual([]);
});

it('the log begins with version and namespaces, has the trail of the team, and no key', () => {
  const started = operator.log().find(({ message }) => message === 'started');
  expect(started).toMatchObject({ version: expect.any(String), namespaces: [namespace] });
  const trail = operator.log().filter(({ name, bucket }) => name === 'omega' && bucket !== undefined);
  expect(new Set(trail.map(({ message }) => message))).toEqual(
    new Set([
      'bucket published',
      'published credential rotated',
      'published bucket retained',
      'published bucket removed',
    ]),
  );
  for (const secret of [...Object.values(KEYS), minio.rootPassword]) {
    for (const trace of tracesOf(secret)) expect(operator.rawLog()).not.toContain(trace);
  }
});
