import { track } from './run-to-the-end.ts';
import { addTeam, fillNamespace, type World } from './environment.ts';
import { startMeasuredOperator } from './measured-operator.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { startRecorder } from './recorder.ts';
import { watchReady } from './watch-ready.ts';

const NAMESPACE = 'recorded';
const BUCKET = 'recorded-bucket';

/** What the operator sends to the store for the first team of a bucket, and for one more. */
export interface RecordedProbe {
  readonly first: readonly RecordedRequest[];
  readonly next: readonly RecordedRequest[];
}

/** Lets the operator validate two teams on one bucket, one after the other, and records what it asks the store. */
export async function recordProbe(
  world: World,
  folder: string,
  build?: { readonly bundle: string },
): Promise<RecordedProbe> {
  const cleanup = new AsyncDisposableStack();
  try {
    const recorder = await track(cleanup, startRecorder(world.minio.endpoint));
    await world.createBucket(BUCKET);
    const kubeconfig = await fillNamespace(world, NAMESPACE, 0);
    const watch = await track(cleanup, watchReady(world.connection, NAMESPACE));
    await track(cleanup, startMeasuredOperator({ folder, kubeconfig, namespace: NAMESPACE, ...build }));
    const validate = async (name: string, count: number): Promise<readonly RecordedRequest[]> => {
      await addTeam(world, { namespace: NAMESPACE, name, bucket: BUCKET, endpoint: recorder.url });
      await watch.until(count, 60);
      return recorder.take({ bucket: BUCKET, path: `teams/${name}` });
    };
    await watch.until(1, 60);
    return { first: await validate('first', 2), next: await validate('next', 3) };
  } finally {
    await cleanup.disposeAsync();
  }
}
