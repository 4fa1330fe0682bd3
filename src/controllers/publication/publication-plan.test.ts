import { expect, it } from '@jest/globals';
import { emptyLedger, encodeLedger, type Ledger } from '../../domain/publication/ledger.ts';
import { Secret } from '../../domain/secret.ts';
import type { LiveClaim } from '../../domain/publication/update-ledger.ts';
import { planPublication, type PlanInput } from './publication-plan.ts';

const INPUT = {
  cloud: 'OnPremises',
  format: { separator: ',', variables: ['STORES'] },
  secretName: 'wandb-storage',
} satisfies Partial<PlanInput>;

/** A claim whose proven key cannot be compressed. */
function team(index: number, key = `key-${String(index)}`): LiveClaim {
  const name = `team-${String(index)}`;
  return {
    claim: { kind: 'TeamStorage', name, uid: `uid-${name}`, team: name },
    deletionPolicy: 'Retain',
    suspended: false,
    proof: {
      storage: {
        provider: 'S3',
        name: `bucket-${String(index)}`,
        path: '',
        region: 'eu-central-1',
        credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
      },
      credential: { kind: 'AccessKey', accessKeyId: `id-${key}`, secretAccessKey: new Secret(key) },
      credentialDigest: key,
      provenAt: '2026-01-01T00:00:00Z',
    },
  };
}

function teams(count: number): readonly LiveClaim[] {
  return Array.from({ length: count }, (_, index) => team(index));
}

async function published(count: number): Promise<Ledger> {
  return (await planPublication({ ...INPUT, ledger: emptyLedger('00'), live: teams(count) })).ledger;
}

it('packs a ledger only when it changed', async () => {
  const ledger = await published(3);

  expect((await planPublication({ ...INPUT, ledger, live: teams(3) })).packed).toBeUndefined();
  expect((await planPublication({ ...INPUT, ledger, live: teams(4) })).packed).toBeDefined();
});

it('refuses newcomers where an object would be too large, and keeps what is published', async () => {
  const ledger = await published(20);
  const maxBytes = 5_000;

  const plan = await planPublication({ ...INPUT, ledger, live: teams(60), maxBytes });

  expect(encodeLedger(plan.ledger)).toBe(encodeLedger(ledger));
  expect(plan.packed).toBeUndefined();
  expect(plan.publications.get('uid-team-0')).toMatchObject({ state: 'Published' });
  expect(plan.publications.get('uid-team-59')).toMatchObject({
    state: 'Refused',
    problem: {
      reason: 'InstanceFull',
      message: expect.stringContaining(`${String(maxBytes)} that one object can hold`),
    },
  });
});

it('still takes a rotated key when it is full', async () => {
  const ledger = await published(20);
  const live = [team(0, 'another'), ...teams(60).slice(1)];

  const plan = await planPublication({ ...INPUT, ledger, live, maxBytes: 5_000 });

  expect(plan.packed).toBeDefined();
  expect(plan.publications.get('uid-team-0')).toMatchObject({ store: { credentialDigest: 'another' } });
  expect(plan.ledger.stores).toHaveLength(20);
});
