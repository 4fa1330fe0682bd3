import { describe, it } from '@jest/globals';
import { prove } from './prove.ts';
import { startScriptedStore } from './scripted-store.ts';
import type { FaultCase } from './fault-case.ts';

/** Each situation at a store of its own. */
export function describeSituations(name: string, situations: readonly FaultCase[]): void {
  const rows = situations.flatMap((row) => row.providers.map((provider) => ({ ...row, provider })));
  describe(name, () => {
    it.each(rows)('$provider, $id: $check is $reason', async ({ provider, ...row }) => {
      const store = await startScriptedStore(provider);
      try {
        store.breakWith(row.fault);
        await prove(store, row, () => store.breakWith(undefined));
      } finally {
        await store.stop();
      }
    });
  });
}
