import type { KubeObject } from '../../../src/api/object.ts';
import { createObjectCache } from '../../../src/kube/object-cache.ts';
import { createReflector, type ReflectorOptions } from '../../../src/kube/reflector.ts';
import type { WatchSource } from '../../../src/kube/watch-source.ts';
import type { KubeFailure } from '../../../src/ports/kube.ts';
import { createFakeClock } from './clock.ts';
import { FakeCluster, versionsOf } from './cluster.ts';
import { createFakeLog } from './log.ts';
import { settle } from './settle.ts';

export const OPTIONS: ReflectorOptions = {
  watchSeconds: 290,
  stallGraceMs: 30_000,
  backoff: { baseMs: 1000, maxMs: 30_000 },
  random: () => 1,
};
export const UNAVAILABLE: KubeFailure = { status: 503, reason: 'ServiceUnavailable', message: 'starting' };

/** A reflector that runs on a cluster in memory, with a clock that the test moves. */
export function setUpReflector(
  arrange: (cluster: FakeCluster) => void = () => undefined,
  wrap?: (cluster: FakeCluster) => typeof cluster.watch,
) {
  const cluster = new FakeCluster();
  arrange(cluster);
  const clock = createFakeClock();
  const log = createFakeLog();
  const cache = createObjectCache<KubeObject>();
  const changes: string[] = [];
  cache.onChange(({ type, object }) => changes.push(`${type} ${object.metadata.name}`));
  const source: WatchSource<KubeObject> = { page: cluster.page, watch: wrap?.(cluster) ?? cluster.watch };
  const reflector = createReflector({ source, cache: cache.writer, clock, log, options: OPTIONS });
  const end = new AbortController();
  const running = reflector.run(end.signal);
  async function pass(milliseconds: number): Promise<void> {
    clock.advance(milliseconds);
    await settle();
  }
  async function stop(): Promise<void> {
    end.abort();
    await running;
  }
  const seen = () => versionsOf(cache.reader.list());
  /** Reasons of the interruptions so far. */
  const reasons = () => log.lines.map(({ fields }) => fields['reason']);
  return { cluster, clock, log, cache, changes, reflector, pass, stop, seen, reasons };
}
