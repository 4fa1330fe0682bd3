import { cpus } from 'node:os';
import { writeFileSync } from 'node:fs';
import { SECRETS } from '../../src/api/resources.ts';
import { auditMark, writesSince } from '../../test/servers/audit.ts';
import { temporaryFolder } from '../../test/servers/process.ts';
import { fillNamespace, startWorld, type World } from './environment.ts';
import { measureStart, type Start } from './measure-start.ts';
import { startMeasuredOperator } from './measured-operator.ts';
import { track } from './run-to-the-end.ts';
import { watchReady } from './watch-ready.ts';

const NAMESPACE = 'start';

/**
 * Measures a restart that finds N objects Ready, without and with many Secrets in the same namespace that are none of
 * the operator's.
 */
export async function start(
  cleanup: AsyncDisposableStack,
  options: { readonly objects: number; readonly buckets: number; readonly secrets: number; readonly json?: string },
): Promise<void> {
  const { objects, secrets } = options;
  const folder = temporaryFolder('byob-bench-');
  say('Starting a Kubernetes API server and MinIO');
  const world = await startWorld(cleanup, options.buckets);
  say(`Creating ${objects} TeamStorages and an InstanceStorage, and validating them for the first time`);
  const kubeconfig = await fillNamespace(world, NAMESPACE, objects);
  const watch = await track(cleanup, watchReady(world.connection, NAMESPACE));
  const operator = () => track(cleanup, startMeasuredOperator({ folder, kubeconfig, namespace: NAMESPACE }));
  const first = await operator();
  await watch.until(objects + 1, 60 + objects);
  await untilQuiet(world);
  await first.stop();

  const restart = async (): Promise<Start & { readonly writes: number; readonly listeningSeconds: number }> => {
    const mark = auditMark(world.plane.auditLog);
    const again = await operator();
    const { listeningSeconds } = again;
    const measured = await measureStart(again, objects);
    const writes = writesOf(world, mark);
    await again.stop();
    return { ...measured, writes, listeningSeconds };
  };
  say('Restarting it');
  const alone = await restart();
  say(`Creating ${secrets} Secrets that are none of the operator's, and restarting it`);
  await createSecrets(world, secrets);
  const beside = await restart();
  const date = new Date().toISOString().slice(0, 10);
  const figures = { objects, buckets: options.buckets, secrets, cores: cpus().length, date, alone, beside };
  print(figures);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
}

async function createSecrets({ kube }: World, count: number): Promise<void> {
  const data = { value: Buffer.alloc(512, 'x').toString('base64') };
  for (let at = 0; at < count; at += 50) {
    const batch = Array.from({ length: Math.min(50, count - at) }, (_, index) =>
      kube.create(SECRETS, {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: `unrelated-${at + index}`, namespace: NAMESPACE },
        data,
      }),
    );
    for (const created of await Promise.all(batch)) if (!created.ok) throw new Error(JSON.stringify(created.error));
  }
}

function writesOf({ plane }: World, mark: ReturnType<typeof auditMark>): number {
  const by = { user: `system:serviceaccount:${NAMESPACE}:byob-operator`, namespace: NAMESPACE };
  return writesSince(plane.auditLog, mark, by).length;
}

async function untilQuiet(world: World): Promise<void> {
  for (;;) {
    const mark = auditMark(world.plane.auditLog);
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    if (writesOf(world, mark) === 0) return;
  }
}

function print(figures: {
  readonly objects: number;
  readonly secrets: number;
  readonly cores: number;
  readonly alone: Start & { readonly writes: number; readonly listeningSeconds: number };
  readonly beside: Start & { readonly writes: number; readonly listeningSeconds: number };
}): void {
  const { alone, beside } = figures;
  const both = (of: (one: typeof alone) => string): readonly string[] => [of(alone), of(beside)];
  const rows: readonly (readonly [string, readonly string[], string?])[] = [
    ['', ['alone', `with ${figures.secrets} Secrets`]],
    ['start to listening', both(({ listeningSeconds }) => `${listeningSeconds.toFixed(2)} s`), '< 0.5 s'],
    ['start until all is listed', both(({ listedSeconds }) => `${listedSeconds.toFixed(2)} s`)],
    ['processor time until then', both(({ listedCpuSeconds }) => `${listedCpuSeconds.toFixed(2)} s`)],
    ['start until all were looked at', both(({ seconds }) => `${seconds.toFixed(2)} s`)],
    ['processor time until then', both(({ cpuSeconds }) => `${cpuSeconds.toFixed(2)} s`)],
    ['memory then (RSS)', both(({ rssMb }) => `${rssMb.toFixed(0)} MB`)],
    ['longest block of the event loop', both(({ longestBlockMs }) => `${longestBlockMs.toFixed(0)} ms`), '< 250 ms'],
    ['requests to the store', both(({ probeRequests }) => String(probeRequests)), '0'],
    ['writes', both(({ writes }) => String(writes)), '0'],
  ];
  console.log(`${figures.objects} TeamStorages that are Ready, on ${figures.cores} cores`);
  for (const [what, cells, aim = ''] of rows) {
    console.log([what.padEnd(36), ...cells.map((cell) => cell.padEnd(20)), aim].join('').trimEnd());
  }
}

function say(text: string): void {
  process.stderr.write(`${text} ...\n`);
}
