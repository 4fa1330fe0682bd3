import { CONFIG_HASH_ANNOTATION } from '../../../../src/api/resources.ts';
import { isNew, type Context } from './context.ts';
import type { Known } from './known.ts';

/**
 * P6: the server is restarted for other data of the Secret only, and never for none.
 *
 * A restart that was on its way to the API server when people deleted everything may arrive after that.
 */
export function judgeRestart(context: Context, known: Known): void {
  const { stored, world, fail } = context;
  const { namespace, name } = known.slot;
  const data = stored.data(known.slot) ?? {};
  const hash = deployedHash(context, known);
  if (hash === undefined) return;
  if (known.damaged.has('Secret')) {
    // It was on its way when people touched the Secret, and the next one is for other data than this.
    // With the ledger gone, too, or just begun anew, the salt and with it the hash are new, whatever the data are.
    const isAnew = known.damaged.has('ledger') || isNew(context, known.anewAt);
    known.restartedFor = isAnew ? undefined : known.dataOf.get(hash);
    return;
  }
  const text = known.dataOf.get(hash) ?? JSON.stringify(data);
  const what = `P6 Deployment ${namespace}/${name} was restarted`;
  // On its way when everything was deleted.
  if (world.clock.monotonic() - known.anewAt < world.slowestMs * 20) return;
  if (Object.keys(data).length === 0) fail(`${what} onto an empty config`);
  if (known.restartedFor === text) fail(`${what} though the data of the Secret is what it was`);
  known.restartedFor = hash === known.lostHash ? undefined : text;
}

/** The hash of the data that the Deployment was restarted for. */
function deployedHash({ world }: Context, { slot: { namespace, name } }: Known): string | undefined {
  const deployment = world.truth.deployments.reader.get({ namespace, name });
  return deployment?.spec?.template?.metadata?.annotations?.[CONFIG_HASH_ANNOTATION];
}
