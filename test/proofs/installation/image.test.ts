import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { buildBundle, bundledPackages } from '../../../scripts/bundle.ts';
import { buildImage, IMAGE, inspectImage, mountImage, removeImage } from '../../../scripts/image/buildah.ts';
import { IMAGE_ENVIRONMENT, IMAGE_FLAGS } from '../../../scripts/bench/measured-operator.ts';
import { filesOf, isOurs, type ImageFile } from '../../../scripts/image/contents.ts';
import { applySecret, applyStorage, minioBucket, rootKey, untilStorage } from '../../servers/objects.ts';
import { freePorts, startProcess, temporaryFolder, untilReady } from '../../servers/process.ts';
import { adminRequest, newBucket, newNamespace, sharedServers } from '../../servers/shared.ts';

/** Longest that a build may take, on a machine that has neither base images nor tools. */
const BUILD_MS = 15 * 60_000;
/** Megabytes, of which node has 127. */
const MOST_MEGABYTES = 160;

let root = '';
let unmount: () => void = () => undefined;
let files: readonly ImageFile[] = [];
/** As a container's runtime sets it. */
let environment: Readonly<Record<string, string>> = {};
const ours = (): readonly ImageFile[] => files.filter(isOurs);

beforeAll(() => {
  buildImage();
  ({ path: root, unmount } = mountImage());
  files = filesOf(root);
  ({ environment } = inspectImage());
}, BUILD_MS);

afterAll(() => unmount());

describe('the image, built from the Dockerfile by buildah', () => {
  it('runs as a user that is not root, under its number, and is labelled', () => {
    const { user, entrypoint, labels } = inspectImage();
    expect(user).toBe('65532:65532');
    expect(entrypoint).toEqual(['node', ...IMAGE_FLAGS, '--', '/app/byob.mjs']);
    // The benchmarks start the operator as the image does.
    expect(environment).toMatchObject(IMAGE_ENVIRONMENT);
    expect(labels).toMatchObject({
      'org.opencontainers.image.title': 'byob-operator',
      'org.opencontainers.image.licenses': 'Apache-2.0',
      'org.opencontainers.image.version': (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string })
        .version,
    });
  });

  it('holds node, the bundle and its bill of materials, and nothing else', () => {
    const others = ours().filter(({ path }) => !/^\/app\/[\w.-]+\.mjs$/.test(path));
    expect(others.map(({ path }) => path)).toEqual(['/app/sbom.cdx.json', '/usr/local/bin/node']);
    // Whoever breaks in finds no tools.
    const tools = files.filter(({ path }) =>
      /\/(sh|bash|dash|busybox|npm|apt|dpkg|perl|python3?|curl|wget)$/.test(path),
    );
    expect(tools).toEqual([]);
    expect(ours().some(({ linksTo }) => linksTo !== undefined)).toBe(false);
  });

  it(`is smaller than ${String(MOST_MEGABYTES)} MB`, () => {
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toBeLessThan(MOST_MEGABYTES);
  });

  it('holds the very bytes that the same sources give elsewhere, with no time of their own', async () => {
    // The folder's name is in the bytes, by way of the source maps that the image does without.
    const folder = 'dist';
    await buildBundle(folder);
    const here = filesOf(folder).filter(({ path }) => path.endsWith('.mjs'));
    const there = ours().filter(({ path }) => path.endsWith('.mjs'));
    expect(there.map(({ path }) => path)).toEqual(here.map(({ path }) => `/app${path}`));
    for (const { path } of here) {
      expect([path, readFileSync(join(root, 'app', path)).equals(readFileSync(join(folder, path)))]).toEqual([
        path,
        true,
      ]);
    }
    expect(new Set(ours().map(({ modified }) => modified))).toEqual(new Set([0]));
  });

  // Another build takes as long as the first: in full only. The test before this one shows the same of the bundle.
  if (process.env['BYOB_SOAK'] !== undefined) {
    it(
      'is the same image when it is built again',
      () => {
        const again = `${IMAGE}:again`;
        buildImage(again);
        const built = inspectImage(again);
        removeImage(again);
        expect(built).toEqual(inspectImage());
      },
      BUILD_MS,
    );
  }
});

describe('the bill of materials (npm sbom, CycloneDX)', () => {
  interface Component {
    readonly name: string;
    readonly group?: string;
    readonly version: string;
    readonly purl: string;
  }
  const components = (): readonly Component[] => {
    const sbom = JSON.parse(readFileSync(join(root, 'app', 'sbom.cdx.json'), 'utf8')) as {
      readonly bomFormat: string;
      readonly components: readonly Component[];
    };
    expect(sbom.bomFormat).toBe('CycloneDX');
    return sbom.components;
  };

  it('names the packages of which there is code in the bundle, and node itself, and nothing else', async () => {
    const named = components().map(({ purl }) => decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? ''));
    const expected = [...(await bundledPackages()), `node-${process.platform}-${process.arch}`];
    expect([...new Set(named)].sort()).toEqual(expected.sort());
  });
});

describe('the operator in the image, as nobody on a root file system that cannot be written', () => {
  let chroot = '';

  beforeAll(() => {
    chroot = temporaryFolder('byob-root-');
    // A container's runtime brings it.
    mkdirSync(join(root, 'proc'), { recursive: true });
    execFileSync('mount', ['--bind', root, chroot]);
    execFileSync('mount', ['--bind', '/proc', join(chroot, 'proc')]);
    const config = join(temporaryFolder('byob-kube-'), 'config');
    mkdirSync(config);
    // The only thing from outside, where a pod has its token.
    execFileSync('mount', ['--bind', config, join(chroot, 'tmp')]);
    execFileSync('mount', ['-o', 'remount,ro,bind', chroot]);
  });

  afterAll(() => {
    spawnSync('umount', ['--recursive', chroot]);
  });

  const command = (...args: readonly string[]): readonly string[] => [
    '--userspec=65532:65532',
    chroot,
    '/usr/local/bin/node',
    '/app/byob.mjs',
    ...args,
  ];

  it('tells its version and its flags', () => {
    const say = (...args: readonly string[]): string =>
      execFileSync('chroot', command(...args), { encoding: 'utf8', env: environment });
    expect(say('--version').trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(say('operator', '--help')).toContain('--leader-elect');
  });

  it('cannot write where it runs', () => {
    const script =
      "try { require('fs').writeFileSync('/app/x', ''); } catch (error) { console.log(process.getuid(), error.code); }";
    const said = execFileSync('chroot', ['--userspec=65532:65532', chroot, '/usr/local/bin/node', '-e', script], {
      encoding: 'utf8',
      env: environment,
    });
    expect(said.trim()).toBe('65532 EROFS');
  });

  it('proves a bucket and publishes it', async () => {
    const servers = sharedServers();
    const namespace = await newNamespace('image');
    const bucket = await newBucket('image');
    await applySecret(namespace, 'root', rootKey(servers.minio));
    const kubeconfig = await accountKubeconfig(namespace);
    writeFileSync(join(chroot, 'tmp', 'kubeconfig'), kubeconfig, { mode: 0o644 });
    await applyStorage(namespace, 'InstanceStorage', 'wandb', {
      deployment: { type: 'SelfManaged', cloud: 'OnPremises', url: 'https://wandb.example.com' },
      bucket: minioBucket(servers.minio, bucket, 'root'),
    });
    const [health = 0, metrics = 0] = await freePorts(2);
    const logFile = join(temporaryFolder('byob-log-'), 'operator.log');
    const operator = startProcess({
      name: 'byob operator in its image',
      command: 'chroot',
      args: command(
        'operator',
        '--kubeconfig=/tmp/kubeconfig',
        `--namespace=${namespace}`,
        `--health-address=127.0.0.1:${String(health)}`,
        `--metrics-address=127.0.0.1:${String(metrics)}`,
        '--allowed-endpoints=127.0.0.0/8',
      ),
      env: environment,
      logFile,
    });
    await untilReady(operator, logFile, async () => (await fetch(`http://127.0.0.1:${String(health)}/readyz`)).ok);
    await untilStorage({ namespace, kind: 'InstanceStorage', name: 'wandb' }, { ready: 'True', published: 'True' });
    await operator.stop();
    expect(operator.exitCode).toBe(0);
  });

  /** A kubeconfig with everything in it, for the operator's account. */
  async function accountKubeconfig(namespace: string): Promise<string> {
    const servers = sharedServers();
    await adminRequest('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      metadata: { name: 'byob-operator' },
    });
    const role = parse(readFileSync('config/rbac/operator.yaml', 'utf8').split('\n---\n')[1] ?? '') as {
      readonly rules: unknown;
    };
    const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
    await adminRequest('POST', `${rbac}/roles`, { metadata: { name: 'byob-operator' }, rules: role.rules });
    await adminRequest('POST', `${rbac}/rolebindings`, {
      metadata: { name: 'byob-operator' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'byob-operator' },
      subjects: [{ kind: 'ServiceAccount', name: 'byob-operator', namespace }],
    });
    const answer = await adminRequest('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/byob-operator/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600 },
    });
    const { token } = answer.body['status'] as { readonly token: string };
    const authority = readFileSync(join(servers.folder, 'ca.crt')).toString('base64');
    return stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'local', cluster: { server: servers.serverUrl, 'certificate-authority-data': authority } }],
      users: [{ name: 'local', user: { token } }],
      contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
      'current-context': 'local',
    });
  }
});
