import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { chartValues } from '../../scripts/generate/chart-reference.ts';
import { operatorCommand } from '../../src/cli/operator-command.ts';
import { only, rendered, type Values } from './render.ts';
import { VALUE_SETS } from './value-sets.ts';

/** What a pod of the chart has no use for: its kubeconfig is its ServiceAccount, its ports and its Lease are its own. */
const NOT_IN_VALUES = [
  '--kubeconfig',
  '--context',
  '--health-address',
  '--metrics-address',
  '--leader-election-namespace',
];

async function argumentsOf(values: Values): Promise<readonly string[]> {
  const deployment = only(await rendered('byob-operator', values), 'Deployment');
  const { template } = deployment['spec'] as {
    readonly template: { readonly spec: { readonly containers: readonly [{ readonly args: readonly string[] }] } };
  };
  return template.spec.containers[0].args;
}

/** What the real command makes of them, without running it. */
async function parsed(args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const command = operatorCommand()
    .exitOverride()
    .action(() => undefined);
  await command.parseAsync(args, { from: 'user' });
  return command.opts();
}

describe('the arguments of the container (real Helm, the command itself)', () => {
  it.each(Object.entries(VALUE_SETS))('are taken by the operator for %s', async (_name, values) => {
    const [subcommand, ...args] = await argumentsOf(values);

    expect(subcommand).toBe('operator');
    await expect(parsed(args)).resolves.toMatchObject({ leaderElect: true });
  });

  it('say what the values say', async () => {
    const { 'a closed network behind a proxy': closed, 'several namespaces': several } = VALUE_SETS;
    const { 'a second release beside the first': second } = VALUE_SETS;

    expect(await parsed((await argumentsOf(closed ?? {})).slice(1))).toMatchObject({
      allowedEndpoints: ['.acme.example', '10.1.0.0/16'],
      deniedCidrs: ['10.0.0.0/8', 'fc00::/7'],
      allowPublicBuckets: true,
      secretsWithoutLabel: true,
      ambientCredentials: false,
    });
    expect(await parsed((await argumentsOf(several ?? {})).slice(1))).toMatchObject({
      namespace: ['wandb', 'wandb-staging'],
      allNamespaces: false,
    });
    // One release for each shard: its Lease has the name of the release.
    expect(await parsed((await argumentsOf(second ?? {})).slice(1))).toMatchObject({
      watchLabelSelector: { text: '!acme.example/legacy,shard in (a,b)' },
      leaderElectionId: 'byob-staging',
    });
  });

  it('can be every flag of the operator that a pod has a use for', async () => {
    const sets = await Promise.all(Object.values(VALUE_SETS).map((values) => argumentsOf(values)));
    const used = new Set(sets.flat().map((argument) => argument.split('=')[0]));

    const flags = operatorCommand().options.map(({ long }) => long);
    expect(flags.filter((flag) => !used.has(flag ?? '')).sort()).toEqual(NOT_IN_VALUES.toSorted());
  });
});

describe('the values of byob-operator', () => {
  const documented = chartValues(readFileSync('charts/byob-operator/values.yaml', 'utf8')).map(({ path }) => path);

  it('are all in the schema, and the schema has no others', () => {
    const schema = JSON.parse(readFileSync('charts/byob-operator/values.schema.json', 'utf8')) as Schema;

    const known = leaves(schema, documented);
    expect(known.filter((path) => path !== 'global').sort()).toEqual(documented.toSorted());
  });

  it('are all set by one of the tested installations', () => {
    const set = Object.values(VALUE_SETS).flatMap((values) => documented.filter((path) => has(values, path)));

    expect(documented.filter((path) => !set.includes(path))).toEqual([]);
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Paths of the schema, not deeper than the documentation goes. */
function leaves({ properties = {} }: Schema, documented: readonly string[], prefix = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, child]) => {
    const path = `${prefix}${name}`;
    if (child.properties === undefined || documented.includes(path)) return [path];
    return leaves(child, documented, `${path}.`);
  });
}

function has(values: Values, path: string): boolean {
  let here: unknown = values;
  for (const name of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, name)) return false;
    here = (here as Values)[name];
  }
  return true;
}
