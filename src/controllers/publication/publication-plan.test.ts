import { expect, it } from '@jest/globals';
import type { BucketStorage } from '../../domain/bucket/storage.ts';
import { COMMA, EMPTY, proofOf, team as teamOn } from '../../../test/support/fakes/publication.ts';
import { encodeLedger } from '../../domain/publication/ledger-format.ts';
import type { Ledger } from '../../domain/publication/ledger.ts';
import { renderOutputs } from '../../domain/publication/outputs.ts';
import type { LiveClaim } from '../../domain/publication/live-claim.ts';
import { NO_EVIDENCE } from '../../domain/publication/removal-evidence.ts';
import type { LedgerUpdate } from '../../domain/publication/update-ledger.ts';
import { Secret } from '../../base/secret.ts';
import { pauseBeforeMore, planPublication, type PlanInput } from './publication-plan.ts';

/** A claim whose proven key cannot be compressed. */
function team(index: number, key = `key-${String(index)}`): LiveClaim {
  const claim = teamOn(`team-${String(index)}`, bucketOf(index));
  return {
    ...claim,
    proof: {
      ...proofOf(bucketOf(index), key),
      uid: claim.uid,
      credential: { kind: 'AccessKey', accessKeyId: `id-${key}`, secretAccessKey: new Secret(key) },
    },
  };
}

function bucketOf(index: number): BucketStorage {
  return {
    provider: 'S3',
    name: `bucket-${String(index)}`,
    path: '',
    region: 'eu-central-1',
    credentials: { kind: 'AccessKey', secretName: 's', accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
  };
}

function teams(count: number): readonly LiveClaim[] {
  return Array.from({ length: count }, (_, index) => team(index));
}

const timeSlice = (): Promise<void> => Promise.resolve();

function input(ledger: Ledger, live: readonly LiveClaim[], changes: Partial<PlanInput> = {}): PlanInput {
  const update: LedgerUpdate = {
    ledger,
    live,
    instance: { name: 'wandb', state: 'Live', cloud: 'OnPremises', format: COMMA },
    admit: () => true,
    admitted: () => undefined,
    isPublishedElsewhere: () => false,
    evidence: NO_EVIDENCE,
    now: '2026-05-01T00:00:00Z',
  };
  return { update, secretName: 'wandb-storage', reserve: () => undefined, mustWrite: false, timeSlice, ...changes };
}

async function published(count: number): Promise<Ledger> {
  return (await planPublication(input(EMPTY, teams(count)))).ledger;
}

function sizeOf(ledger: Ledger): number {
  const { secret, configMap } = renderOutputs(ledger, 'wandb-storage');
  return Math.max(...[secret, configMap].map((data) => Buffer.byteLength(Object.values(data).join(''))));
}

it('packs a ledger only when it changed, or was made from something else', async () => {
  const ledger = await published(3);

  expect((await planPublication(input(ledger, teams(3)))).packed).toBeUndefined();
  expect((await planPublication(input(ledger, teams(4)))).packed).toBeDefined();
  expect((await planPublication(input(ledger, teams(3), { mustWrite: true }))).packed).toBeDefined();
});

it('reserves in the very step that decides: before anything is awaited', async () => {
  const reserved: Ledger[] = [];
  const plan = planPublication(input(EMPTY, teams(3), { reserve: (ledger) => void reserved.push(ledger) }));
  // Nothing has been awaited here.
  expect(reserved).toHaveLength(1);

  expect((await plan).ledger).toBe(reserved[0]);
  expect(reserved).toHaveLength(1);
});

it('takes in newcomers by precedence while they fit, refuses the others, and keeps what is published', async () => {
  const ledger = await published(20);
  const maxBytes = 5_000;
  const reserved: Ledger[] = [];

  const plan = await planPublication(
    input(ledger, teams(60), { maxBytes, reserve: (next) => void reserved.push(next) }),
  );

  const { length } = plan.ledger.claims;
  expect(length).toBeGreaterThan(20);
  expect(new Set(plan.ledger.claims.map(({ name }) => name))).toEqual(new Set(teams(length).map(({ name }) => name)));
  expect(sizeOf(plan.ledger)).toBeLessThanOrEqual(maxBytes);
  expect(sizeOf((await planPublication(input(ledger, teams(length + 1)))).ledger)).toBeGreaterThan(maxBytes);
  expect(plan.placements.get('TeamStorage/team-0')).toEqual({});
  expect(plan.placements.get(`TeamStorage/team-${String(length - 1)}`)).toEqual({});
  expect(plan.placements.get(`TeamStorage/team-${String(length)}`)?.refusal).toMatchObject({
    reason: 'InstanceFull',
    message: expect.stringContaining(`${String(maxBytes)} that one object can hold`) as unknown,
  });
  // What was decided last is what is reserved.
  expect(reserved.at(-1)).toBe(plan.ledger);

  // And then no other fits.
  const again = await planPublication(input(plan.ledger, teams(60), { maxBytes }));
  expect(encodeLedger(again.ledger)).toBe(encodeLedger(plan.ledger));
  expect(again.packed).toBeUndefined();
  expect(again.placements.get('TeamStorage/team-59')?.refusal?.reason).toBe('InstanceFull');
});

it('still takes a rotated key when it is full', async () => {
  const ledger = await published(20);
  const live = [team(0, 'another'), ...teams(60).slice(1)];

  const plan = await planPublication(input(ledger, live, { maxBytes: 5_000 }));

  expect(plan.packed).toBeDefined();
  expect(plan.ledger.rows.find(({ address }) => address.name === 'bucket-0')?.digest).toBe('another');
  expect(plan.ledger.claims.some(({ name }) => name === 'team-59')).toBe(false);
});

it('leaves everything as it is where not even a rotation fits', async () => {
  const ledger = await published(20);
  const live = [team(0, 'x'.repeat(9_000)), ...teams(20).slice(1)];

  const plan = await planPublication(input(ledger, live, { maxBytes: 5_000 }));

  expect(plan.ledger).toBe(ledger);
  expect(plan.placements.get('TeamStorage/team-0')?.refusal?.reason).toBe('InstanceFull');
  expect(plan.placements.get('TeamStorage/team-1')).toEqual({});
});

it('asks for another run where a proof has no place yet, and for a later one the longer a run takes', async () => {
  const maxBytes = 5_000;
  const full = await planPublication(input(await published(20), teams(40), { maxBytes }));
  expect([20, 300, 5_000].map((took) => pauseBeforeMore(full, took))).toEqual([200, 3_000, 15_000]);
  expect(pauseBeforeMore(full, 1)).toBe(100);

  const all = await planPublication(input(EMPTY, teams(2)));
  expect(pauseBeforeMore(all, 300)).toBe(Infinity);
  const unchanged = await planPublication(input(full.ledger, teams(40), { maxBytes }));
  expect(pauseBeforeMore(unchanged, 300)).toBe(Infinity);
});
