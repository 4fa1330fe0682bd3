import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startControlPlane, type ControlPlane } from '../../servers/control-plane.ts';
import { startNodes } from '../../servers/nodes.ts';
import { until } from '../../servers/until.ts';
import { run, type Ended } from '../../charts/render.ts';

const CHART = 'charts/byob-operator';
const CRDS = [
  'customresourcedefinition.apiextensions.k8s.io/instancestorages.storage.wandb.com',
  'customresourcedefinition.apiextensions.k8s.io/teamstorages.storage.wandb.com',
];

// Its own: the CRDs of a cluster come and go here.
let plane: ControlPlane;
let nodes: Awaited<ReturnType<typeof startNodes>>;

beforeAll(async () => {
  plane = await startControlPlane();
  nodes = await startNodes(plane, ['one', 'two']);
});

afterAll(async () => {
  await nodes.stop();
  await plane.stop();
});

/** Both take the chart. */
const VERSIONS = { 'Helm 4': 'helm', 'Helm 3': 'helm3' } as const;
let version: keyof typeof VERSIONS = 'Helm 4';

function helm(...args: readonly string[]): Promise<Ended> {
  return run(VERSIONS[version], [`--kubeconfig=${plane.kubeconfig}`, ...args]);
}

async function names(...args: readonly string[]): Promise<readonly string[]> {
  const output = await plane.kubectl(['get', '-o', 'name', ...args]);
  return output.split('\n').filter((line) => line !== '');
}

async function applyTeam(name: string): Promise<void> {
  const team = {
    apiVersion: 'storage.wandb.com/v1alpha1',
    kind: 'TeamStorage',
    metadata: { name },
    spec: { team: name },
  };
  // After the CRDs have come anew, the API server refuses until it has read the parameters of its policies again.
  await until('the API server knows the parameters of the policy', () =>
    plane.kubectl(['apply', '-n', 'wandb', '-f', '-'], JSON.stringify(team)).then(
      () => true,
      (error: unknown) => {
        if (String(error).includes('not yet synced to use for admission')) return false;
        throw error;
      },
    ),
  );
}

describe.each(Object.keys(VERSIONS) as (keyof typeof VERSIONS)[])(
  'a release of byob-operator (real %s, API server and scheduler; kwok in place of kubelets)',
  (one) => {
    beforeAll(() => {
      version = one;
    });

    it('is ready when helm install --wait returns, its replicas on different nodes', async () => {
      const installed = await helm('install', 'byob-operator', CHART, '-n', 'wandb', '--create-namespace', '--wait');

      expect(installed).toMatchObject({ code: 0, stderr: '' });
      expect(installed.stdout).toContain('kubectl rollout status deployment/byob-operator -n wandb');
      const pods = await plane.kubectl(['get', 'pods', '-n', 'wandb', '-o', 'jsonpath={.items[*].spec.nodeName}']);
      expect(pods.split(' ').sort()).toEqual(['one', 'two']);
      expect(await names('crd')).toEqual(CRDS);
    });

    it('says on installation what to do next in words that the API server takes', async () => {
      const { stdout } = await helm('get', 'notes', 'byob-operator', '-n', 'wandb');
      // Where the shell would see its end: not indented.
      const example = /<<EOF\n([\s\S]*?)\nEOF\n/.exec(stdout)?.[1] ?? '';

      const applied = await plane.kubectl(['apply', '-n', 'wandb', '--dry-run=server', '-f', '-'], example);

      expect(applied).toBe('instancestorage.storage.wandb.com/wandb created (server dry run)\n');
    });

    it('refuses at kubectl apply what W&B does not offer', async () => {
      const object = {
        apiVersion: 'storage.wandb.com/v1alpha1',
        kind: 'InstanceStorage',
        metadata: { name: 'saas' },
        spec: {
          deployment: { type: 'SaaSCloud', cloud: 'AWS' },
          bucket: { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } },
        },
      };

      let refusal = '';
      // The API server takes a moment to heed a new policy.
      await until('the policy is in force', async () => {
        const apply = plane.kubectl(['apply', '-n', 'wandb', '--dry-run=server', '-f', '-'], JSON.stringify(object));
        refusal = await apply.then(
          () => '',
          (error: unknown) => String(error),
        );
        return refusal !== '';
      });
      expect(refusal).toContain('W&B does not offer S3 at instance level for SaaSCloud on AWS by byob-2024');
    });

    it('gets and loses permissions by an upgrade', async () => {
      const roles = (): Promise<readonly string[]> => names('role', '-n', 'wandb');
      const before = await roles();

      await helm('upgrade', 'byob-operator', CHART, '-n', 'wandb', '--wait', '--set', 'rbac.rollout=true');
      const during = await roles();
      await helm('rollback', 'byob-operator', '1', '-n', 'wandb', '--wait');

      expect(during.filter((role) => !before.includes(role))).toEqual([
        'role.rbac.authorization.k8s.io/byob-operator-rollout',
      ]);
      expect(await roles()).toEqual(before);
    });

    it('stands beside a second one that leaves to it what is there once', async () => {
      const once = 'crds.enabled=false,admissionPolicy.enabled=false,rbac.userRoles=false';
      const second = ['install', 'byob-operator', CHART, '-n', 'staging', '--create-namespace', '--wait'];

      expect((await helm(...second)).stderr).toContain('invalid ownership metadata');
      expect(await helm(...second, '--set', once)).toMatchObject({ code: 0, stderr: '' });
      expect((await helm('uninstall', 'byob-operator', '-n', 'staging', '--wait')).code).toBe(0);
    });

    it('leaves CRDs and storages when it is uninstalled, and finds them when it is installed again', async () => {
      await applyTeam('omega');

      await helm('uninstall', 'byob-operator', '-n', 'wandb', '--wait');
      const kept = [await names('crd'), await names('wbts', '-n', 'wandb'), await names('validatingadmissionpolicy')];
      const again = await helm('install', 'byob-operator', CHART, '-n', 'wandb', '--wait');

      expect(kept).toEqual([CRDS, ['teamstorage.storage.wandb.com/omega'], []]);
      expect(again).toMatchObject({ code: 0, stderr: '' });
      expect(await names('wbts', '-n', 'wandb')).toEqual(['teamstorage.storage.wandb.com/omega']);
    });

    it('takes over CRDs that kubectl installed, when told to', async () => {
      await helm('uninstall', 'byob-operator', '-n', 'wandb', '--wait');
      await plane.kubectl(['delete', ...CRDS]);
      await plane.kubectl(['apply', '--server-side', '-k', 'crds']);
      const install = ['install', 'byob-operator', CHART, '-n', 'wandb', '--wait'];

      expect((await helm(...install)).stderr).toContain('must be set to "Helm"');
      expect(await helm(...install, '--take-ownership')).toMatchObject({ code: 0 });
    });

    it('takes over what kubectl installed from config/default, by the command of the page', async () => {
      const page = readFileSync('docs/how-to/install-with-helm.md', 'utf8');
      const [, command = ''] = /^helm (upgrade --install .*--take-ownership.*)$/m.exec(page) ?? [];
      await applyTeam('tau');
      await helm('uninstall', 'byob-operator', '-n', 'wandb', '--wait');
      await plane.kubectl(['apply', '--server-side', '-k', 'config/default']);
      // A first try without the flags leaves a failed release. Helm 3 does not apply on the server, so it has no conflicts
      // and no such flag.
      const first = await helm('install', 'byob-operator', CHART, '-n', 'wandb', '--take-ownership');
      expect(first.code === 0).toBe(version === 'Helm 3');

      const words = command.split(' ').filter((word) => version === 'Helm 4' || word !== '--force-conflicts');
      expect(await helm(...words)).toMatchObject({ code: 0 });
      expect(await names('wbts', '-n', 'wandb')).toEqual(['teamstorage.storage.wandb.com/tau']);
    });

    it('takes everything with it where crds.keep is off', async () => {
      await helm('upgrade', 'byob-operator', CHART, '-n', 'wandb', '--wait', '--set', 'crds.keep=false');

      await helm('uninstall', 'byob-operator', '-n', 'wandb', '--wait');

      expect(await names('crd')).toEqual([]);
      expect(await names('deployment,role,networkpolicy,pdb,service', '-n', 'wandb')).toEqual([]);
    });
  },
);
