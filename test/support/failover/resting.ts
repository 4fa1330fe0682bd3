import type { AuditedWrite } from '../../servers/audit.ts';
import { isLease, writesBy } from './replicas.ts';
import type { FailoverPair } from './pair.ts';
import { until } from '../../servers/until.ts';

/** Waits until neither replica writes anything but the Lease for some seconds; how often the leader renewed it then. */
export async function untilResting(pair: FailoverPair, milliseconds = 3_000): Promise<number> {
  const { leader, standby } = pair;
  let last: readonly AuditedWrite[] = [];
  await until(
    'nothing but the Lease is written',
    async () => {
      const begun = pair.writes().length;
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      last = [leader, standby].flatMap((replica) => writesBy(pair.writes().slice(begun), replica));
      return last.every(isLease);
    },
    60,
  ).catch((error: unknown) => {
    const what = last
      .filter((write) => !isLease(write))
      .map((write) => `${write.verb} ${write.resource} ${write.name}`);
    throw new Error(`still written: ${what.join(', ')}`, { cause: error });
  });
  return last.length;
}
