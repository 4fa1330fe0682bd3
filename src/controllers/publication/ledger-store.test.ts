import { expect, it } from '@jest/globals';
import { createApiServer } from '../../../test/support/api-server/server.ts';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import type { Ledger } from '../../domain/publication/ledger.ts';
import { packLedger } from './ledger-secret.ts';
import { createLedgerStore, type LedgerStore, type StoredLedger } from './ledger-store.ts';

const IDENTITY = { namespace: 'wandb', name: 'prod', uid: 'uid-prod' };
const KEY = { namespace: 'wandb', name: 'prod-storage-ledger' };
const first = update(EMPTY, [proven(team('a', bucket('a')), 'a1')]).ledger;
const second = update(first, [proven(team('b', bucket('b')), 'b1')]).ledger;

async function loaded(store: LedgerStore): Promise<StoredLedger> {
  const found = await store.load(IDENTITY);
  if (!found.ok) throw new Error(found.error.kind);
  return found.value;
}

async function save(store: LedgerStore, ledger: Ledger) {
  const saved = await store.save(IDENTITY, await loaded(store), { ledger, packed: await packLedger(ledger) });
  if (!saved.ok || saved.value.kind !== 'Known') throw new Error('not saved');
  return saved.value;
}

it('reads again after the watch showed another version while an answer was on its way', async () => {
  const api = createApiServer({ clock: createFakeClock() });
  const kube = api.client('byob-operator');
  const other = createLedgerStore({ kube: api.client('byob-operator') });
  await save(other, first);
  let whileOnItsWay = async (): Promise<void> => {
    whileOnItsWay = () => Promise.resolve();
    store.invalidate(KEY, (await save(other, second)).resourceVersion);
  };
  const store = createLedgerStore({
    kube: {
      ...kube,
      get: async (...asked) => {
        const answer = await kube.get(...asked);
        await whileOnItsWay();
        return answer;
      },
    },
  });
  await store.load(IDENTITY);

  const found = await loaded(store);
  expect(found.kind === 'Known' && found.ledger.claims.map(({ name }) => name)).toEqual(['a', 'b']);
});
