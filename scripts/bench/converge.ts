import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { bundleOfRevision } from '../../test/servers/old-bundle.ts';
import { temporaryFolder } from '../../test/servers/process.ts';
import { fillNamespace, startWorld } from './environment.ts';
import { measureFloor } from './measure-floor.ts';
import { measureOperator } from './measure-operator.ts';
import { recordProbe } from './record-probe.ts';
import { printTable, type Figures } from './report.ts';

export interface ConvergeOptions {
  readonly objects: number;
  readonly buckets: number;
  /** Another revision, whose build is measured in the same run. */
  readonly against?: string;
  readonly json?: string;
  readonly profile?: string;
  readonly heap?: string;
  readonly nodeOptions?: string;
  /** Each team has a key of its own, so that nobody shares a survey. */
  readonly ownKeys?: boolean;
}

/**
 * Measures how long the operator takes to make N existing objects Ready, compared with the floor (the same store
 * requests and status applies by a bare client) and with another revision, one after the other in the same cluster.
 */
export async function converge(cleanup: AsyncDisposableStack, options: ConvergeOptions): Promise<void> {
  const { objects, buckets, against } = options;
  const folder = temporaryFolder('byob-bench-');
  const former = against === undefined ? undefined : bundleOfRevision(against);
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup, buckets);
  say('Recording what the operator asks the store for one team');
  const probe = await recordProbe(world, folder);

  say(`Creating ${objects} TeamStorages and an InstanceStorage`);
  const { ownKeys = false } = options;
  const kubeconfig = await fillNamespace(world, 'bench', objects, { ownKeys });
  say('Measuring the operator');
  const { figures, status } = await measureOperator(cleanup, world, {
    folder,
    kubeconfig,
    namespace: 'bench',
    objects,
    ...(ownKeys && { counted: 'Validated' as const }),
    ...(options.profile !== undefined && { profile: options.profile }),
    ...(options.heap !== undefined && { heap: options.heap }),
    ...(options.nodeOptions !== undefined && { nodeOptions: options.nodeOptions }),
  });

  if (ownKeys) {
    // One bucket has one key: the others are not published, so there is nothing to compare.
    const requests = Math.round(figures.storeRequests * (objects + 1));
    console.log(`${objects} TeamStorages with a key each: validated after ${figures.seconds.toFixed(1)} s`);
    console.log(`requests to the store                   ${requests}, ${figures.storeRequests.toFixed(1)} for each`);
    return;
  }

  const measureFormer = async (bundle: string) => {
    say(`Creating and measuring the same for ${against ?? ''}`);
    const account = await fillNamespace(world, 'against', objects, { ownKeys });
    const at = { folder, kubeconfig: account, namespace: 'against', objects, bundle };
    return (await measureOperator(cleanup, world, at)).figures;
  };
  const formerFigures = former === undefined ? undefined : await measureFormer(former);

  say('Creating and measuring the same for the floor');
  const account = await fillNamespace(world, 'floor', objects);
  const floor = await measureFloor({ world, folder, namespace: 'floor', kubeconfig: account, objects, probe, status });
  const all: Figures = {
    objects,
    buckets,
    cores: cpus().length,
    date: new Date().toISOString().slice(0, 10),
    operator: figures,
    floor,
    ...(against !== undefined && formerFigures !== undefined && { against: { revision: against, ...formerFigures } }),
  };
  printTable(all);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 2)}\n`);
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
