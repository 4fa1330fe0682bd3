import { describe, expect, it } from '@jest/globals';
import { admissionOf, admissionWorld, ledgerOf, recordOf } from '../../../test/support/fakes/admission-world.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { bucketSpec, instanceObject, storageOf, teamObject } from '../../../test/support/fakes/publishing-world.ts';
import { Admissions, type Admission } from './admit.ts';
import { idOf, keyOf, type Claimant, type LedgerView } from './world.ts';

const wandb = instanceObject('wandb');
const lab = instanceObject('lab', { bucket: bucketSpec('lab-runs') });
const omega = teamObject('omega', { bucket: bucketSpec('b') });
const elder = { creationTimestamp: '2026-01-01T12:00:00Z' };

interface Around {
  /** Beside the claim and the instance wandb. */
  readonly objects?: readonly Claimant[];
  /** Of the namespace `ns`. */
  readonly ledgers?: readonly LedgerView[];
  readonly elsewhere?: readonly LedgerView[];
  readonly proven?: readonly string[];
}

function decide(object: Claimant, { objects = [], ledgers = [], elsewhere = [], proven = [] }: Around = {}): Admission {
  const others = object.kind === 'InstanceStorage' ? objects : [wandb, ...objects];
  return admissionOf(object, { objects: [object, ...others], ledgers: { ns: ledgers, n2: elsewhere }, proven });
}

const reasonFor = (...args: Parameters<typeof decide>): string | undefined => decide(...args).refusal?.reason;

describe('a claim with a place of its own', () => {
  it('may have it: a team', () => {
    expect(decide(omega)).toEqual({
      object: omega,
      instanceName: 'wandb',
      instance: wandb,
      storage: storageOf(bucketSpec('b')),
      isResolved: true,
      mayProve: true,
      isolation: {
        condition: {
          type: 'Isolated',
          status: 'True',
          reason: 'ExclusiveBucket',
          message: 'No other storage that the operator sees uses this bucket.',
        },
        sharedWith: [],
      },
    });
  });

  it('may have it: an instance, for which nobody asks who else reaches its files', () => {
    expect(decide(wandb)).toEqual({
      object: wandb,
      instanceName: 'wandb',
      instance: wandb,
      storage: storageOf(bucketSpec('runs')),
      isResolved: true,
      mayProve: true,
    });
  });

  it('has the record of this place, be there another one', () => {
    const [there, here] = [recordOf({ at: 'former' }), recordOf()];
    const { record, bound, refusal, mayProve } = decide(omega, { ledgers: [ledgerOf('wandb', there, here)] });
    expect([record, bound]).toEqual([here, { instance: 'wandb', record: here }]);
    expect([refusal, mayProve]).toEqual([undefined, true]);
  });
});

describe('a claim that resolves to no place', () => {
  const broken = teamObject('omega', { bucket: { ...bucketSpec('b'), name: '..' } });

  it('is refused for that, whatever it was bound to, and its proof does not count', () => {
    const before = recordOf({ at: 'former' });
    const decided = decide(broken, { ledgers: [ledgerOf('wandb', before)] });
    expect(decided.refusal?.message).toMatch(/^spec\.bucket\.name/);
    expect(decided).toMatchObject({ isResolved: false, mayProve: false, bound: { instance: 'wandb', record: before } });
    expect(decided.record).toBeUndefined();
    expect(decided.isolation).toBeUndefined();
  });

  it('is not there for others', () => {
    expect(
      decide(omega, { objects: [teamObject('kappa', { bucket: broken.spec.bucket! })] }).isolation?.sharedWith,
    ).toEqual([]);
  });

  it('has no instance, where there is none', () => {
    expect(admissionOf(omega, { objects: [omega] })).toMatchObject({
      isResolved: false,
      mayProve: false,
      refusal: { reason: 'InstanceNotFound' },
    });
  });
});

it('a team without a bucket is on that of its instance, and has nothing to prove that others could have', () => {
  const { refusal, isolation, storage } = decide(teamObject('omega', { team: 'omega' }));
  expect([refusal, storage]).toEqual([undefined, undefined]);
  expect(isolation).toEqual({
    condition: {
      type: 'Isolated',
      status: 'False',
      reason: 'UsesInstanceBucket',
      message:
        'Team omega is on the bucket of InstanceStorage wandb: everyone in the organization with the permissions for it, other teams among them, reaches its files. Give it a bucket of its own to isolate them.',
    },
    sharedWith: [],
  });
});

it('where W&B offers no such bucket, a claim is refused, and bound at its place it is proven all the same', () => {
  const saas = instanceObject('saas', { deployment: { type: 'SaaSCloud', cloud: 'AWS' }, bucket: bucketSpec('saas') });
  const team = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'saas' } });
  const around = { objects: [saas] };
  expect(decide(team, around)).toMatchObject({ mayProve: false, refusal: { reason: 'NotAvailable' } });
  expect(decide(team, around).isolation).toBeUndefined();

  const bound = decide(team, { ...around, ledgers: [ledgerOf('saas', recordOf())] });
  expect(bound).toMatchObject({ mayProve: true, refusal: { reason: 'NotAvailable' } });
  expect(bound.isolation?.condition.reason).toBe('ExclusiveBucket');
});

describe('a claim that is bound elsewhere', () => {
  const there = recordOf({ at: 'former' });
  const noBucket = teamObject('omega');
  const allowed = teamObject('omega', { bucket: bucketSpec('b'), bucketChangePolicy: 'Allow' });
  const forbidden = teamObject('omega', { bucket: bucketSpec('b'), bucketChangePolicy: 'Forbid' });
  const FORBIDDEN = 'BucketChangeForbidden';

  it.each<[string, Claimant, ReturnType<typeof recordOf>, string | undefined]>([
    ['must not move', omega, there, FORBIDDEN],
    ['must not move, where its policy says so', forbidden, there, FORBIDDEN],
    ['may move, where its policy says so', allowed, there, undefined],
    [
      'by a former object of its name must not move',
      omega,
      recordOf({ at: 'former', uid: 'uid-of-a-former' }),
      FORBIDDEN,
    ],
    ['must not give up its bucket', noBucket, there, FORBIDDEN],
    ['by an object that is not known must not give it up', noBucket, omit(there, 'uid'), FORBIDDEN],
    [
      'by a former object may have none, because it never had one',
      noBucket,
      recordOf({ at: 'former', uid: 'uid-of-a-former' }),
      undefined,
    ],
  ])('%s', (_, claim, record, reason) => {
    const { refusal, mayProve } = decide(claim, { ledgers: [ledgerOf('wandb', record)] });
    expect([refusal?.reason, mayProve]).toEqual([reason, reason === undefined]);
  });

  it('hears where it is bound and what it names', () => {
    const team = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    const { refusal } = decide(team, { objects: [lab], ledgers: [ledgerOf('lab', there)] });
    expect(refusal?.message).toBe(
      'TeamStorage omega is bound to former (s3://minio.example/former?region=us-east-1&tls=true, InstanceStorage lab) since 2026-02-01T00:00:00Z and now names b (s3://minio.example/b?region=us-east-1&tls=true, InstanceStorage wandb).',
    );
  });

  it('hears that it names no bucket', () => {
    expect(decide(noBucket, { ledgers: [ledgerOf('wandb', there)] }).refusal?.message).toMatch(
      / and now names no bucket of its own\.$/,
    );
  });
});

describe('two claims on one team', () => {
  const first = teamObject('first', { team: 'omega', bucket: bucketSpec('f') }, elder);

  it('are not both accepted: the elder is', () => {
    expect([reasonFor(omega, { objects: [first] }), reasonFor(first, { objects: [omega] })]).toEqual([
      'TeamConflict',
      undefined,
    ]);
  });

  it('are not both accepted: the one with a proof is', () => {
    const proven = ['uid-omega'];
    expect([reasonFor(omega, { objects: [first], proven }), reasonFor(first, { objects: [omega], proven })]).toEqual([
      undefined,
      'TeamConflict',
    ]);
  });

  it('are not both accepted: the one that is bound is, and the other hears that', () => {
    const ledgers = [ledgerOf('wandb', recordOf())];
    const { refusal } = decide(first, { objects: [omega], ledgers, proven: ['uid-first'] });
    expect(refusal?.message).toBe('Team omega is already claimed by TeamStorage omega, which is published.');
    expect(reasonFor(omega, { objects: [first], ledgers })).toBeUndefined();
  });

  it('are not both accepted: the one that is held at its former bucket is', () => {
    const ledgers = [ledgerOf('wandb', recordOf({ at: 'former' }))];
    expect(reasonFor(first, { objects: [omega], ledgers })).toBe('TeamConflict');
  });

  it('of two instances are accepted both', () => {
    const there = teamObject('there', { team: 'omega', bucket: bucketSpec('f'), instanceRef: { name: 'lab' } }, elder);
    const here = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    expect([reasonFor(here, { objects: [lab, there] }), reasonFor(there, { objects: [lab, here] })]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('are rivals while one is still published here that names another instance by now', () => {
    const leaving = teamObject('leaving', {
      team: 'omega',
      bucket: bucketSpec('f'),
      bucketChangePolicy: 'Allow',
      instanceRef: { name: 'lab' },
    });
    const here = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } }, elder);
    const around = (ledger: LedgerView) => ({ objects: [lab, leaving], ledgers: [ledger] });
    const record = recordOf({ name: 'leaving', at: 'f' });
    expect(decide(here, around(ledgerOf('wandb', record))).refusal?.message).toBe(
      'Team omega is already claimed by TeamStorage leaving, which is published.',
    );
    expect(reasonFor(here, around(ledgerOf('lab', record)))).toBeUndefined();
  });

  it('in two namespaces have nothing to do with each other', () => {
    const there = teamObject('first', { team: 'omega', bucket: bucketSpec('f') }, { ...elder, namespace: 'n2' });
    expect(reasonFor(omega, { objects: [there] })).toBeUndefined();
  });
});

describe('a claim that requires its bucket for itself', () => {
  const alone = teamObject('alone', { bucket: bucketSpec('b'), isolation: 'Required' });
  const ledgers = [ledgerOf('wandb', recordOf({ name: 'alone' }))];
  const violated = (incumbent: string) => ({
    reason: 'IsolationViolated',
    message: `${incumbent} uses the same bucket and requires to be alone in it (spec.isolation: Required).`,
    remedy: 'Give this storage a bucket of its own.',
    failureClass: 'reference',
  });

  it('keeps a newcomer out, which hears whose bucket it is', () => {
    const { refusal, mayProve } = decide(omega, { objects: [alone], ledgers });
    expect([refusal, mayProve]).toEqual([violated('TeamStorage alone'), false]);
  });

  it('keeps an instance out', () => {
    const instance = instanceObject('lab', { bucket: bucketSpec('b', { path: 'lab' }) });
    expect(decide(instance, { objects: [wandb, alone], ledgers }).refusal).toEqual(violated('TeamStorage alone'));
  });

  it('keeps out a newcomer of another namespace, which learns no name', () => {
    const there = teamObject('there', { bucket: bucketSpec('b', { path: 'there' }) }, { namespace: 'n2' });
    const instance = instanceObject('wandb', {}, { namespace: 'n2', uid: 'uid-2' });
    expect(decide(there, { objects: [alone, instance], ledgers }).refusal).toEqual(
      violated('A storage (in another namespace)'),
    );
  });

  it('does not affect who is bound there already', () => {
    const both = [ledgerOf('wandb', recordOf({ name: 'alone' }), recordOf())];
    const { refusal, isolation } = decide(omega, { objects: [alone], ledgers: both });
    expect([refusal, isolation?.condition.reason]).toEqual([undefined, 'PathOverlap']);
  });

  it.each<[string, Claimant]>([
    ['that is not bound itself', alone],
    ['in another bucket', teamObject('alone', { bucket: bucketSpec('c'), isolation: 'Required' })],
    ['and only prefers it', teamObject('alone', { bucket: bucketSpec('b'), isolation: 'Preferred' })],
  ])('keeps nobody out %s', (_, other) => {
    const isBound = other !== alone;
    const at = other.spec.bucket?.name === 'c' ? 'c' : 'b';
    const around = isBound ? { ledgers: [ledgerOf('wandb', recordOf({ name: 'alone', at }))] } : {};
    expect(reasonFor(omega, { objects: [other], ...around })).toBeUndefined();
  });

  it('does not keep out a team without a bucket', () => {
    expect(reasonFor(teamObject('omega'), { objects: [alone], ledgers })).toBeUndefined();
  });

  it('does not count those that it keeps out, and once did not', () => {
    const isolationOf = (isBound: boolean) =>
      decide(alone, { objects: [omega], ledgers: isBound ? ledgers : [] }).isolation?.condition.reason;
    expect([isolationOf(true), isolationOf(false)]).toEqual(['ExclusiveBucket', 'PathOverlap']);
  });

  it('counts them, where it only prefers to be alone', () => {
    const prefers = teamObject('alone', { bucket: bucketSpec('b'), isolation: 'Preferred' });
    expect(decide(prefers, { objects: [omega], ledgers }).isolation?.condition.reason).toBe('PathOverlap');
  });
});

describe('while a ledger is not known', () => {
  const first = teamObject('first', { team: 'omega', bucket: bucketSpec('f') }, elder);
  const elsewhere: readonly LedgerView[] = [{ instance: 'wandb' }];
  const sharing = teamObject('there', { bucket: bucketSpec('b', { path: 'x' }) }, { namespace: 'n2' });
  const instance2 = instanceObject('wandb', {}, { namespace: 'n2', uid: 'uid-2' });
  const around = { objects: [sharing, instance2], ledgers: [ledgerOf('wandb')], elsewhere };

  it('a newcomer waits if that is its own, whoever has its team', () => {
    const { refusal, mayProve } = decide(omega, { objects: [first], ledgers: [{ instance: 'wandb' }] });
    expect([refusal?.reason, mayProve]).toEqual(['LedgerUnknown', false]);
  });

  it('it waits if that is of another instance of its namespace', () => {
    const team = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    const ledgers: readonly LedgerView[] = [ledgerOf('wandb'), { instance: 'lab' }];
    expect(decide(team, { objects: [lab], ledgers }).refusal?.message).toContain('InstanceStorage lab');
  });

  it('it waits if that is of a namespace with a claim on its bucket', () => {
    expect(decide(omega, around).refusal?.message).toContain('an instance in another namespace');
  });

  it('a team without a bucket does not wait for another namespace', () => {
    expect(reasonFor(teamObject('omega'), around)).toBeUndefined();
  });

  it('it is refused all the same for a claim that is known to precede it', () => {
    expect(reasonFor(omega, { ...around, objects: [...around.objects, first] })).toBe('TeamConflict');
  });

  it('it is refused all the same for one that is known to be alone there', () => {
    const alone = teamObject('alone', { bucket: bucketSpec('b'), isolation: 'Required' });
    const ledgers = [ledgerOf('wandb', recordOf({ name: 'alone' }))];
    expect(reasonFor(omega, { ...around, objects: [...around.objects, alone], ledgers })).toBe('IsolationViolated');
  });

  it('a bound claim does not wait', () => {
    expect(reasonFor(omega, { ...around, ledgers: [ledgerOf('wandb', recordOf())] })).toBeUndefined();
  });

  it('a claim that may be bound where it resolves is not told that it must not move', () => {
    const ledgers: readonly LedgerView[] = [{ instance: 'wandb' }, ledgerOf('lab', recordOf({ at: 'former' }))];
    const team = teamObject('omega', { bucket: bucketSpec('b'), instanceRef: { name: 'wandb' } });
    expect(reasonFor(team, { objects: [lab], ledgers })).toBe('LedgerUnknown');
  });
});

describe('who else reaches the files of a team', () => {
  const at = (name: string, path?: string) =>
    teamObject(name, { bucket: bucketSpec('b', path === undefined ? {} : { path }) });
  const shown = (object: Claimant, around: Around = {}) => {
    const { isolation } = decide(object, around);
    return [isolation?.condition.reason, isolation?.sharedWith, isolation?.filesLeftIn];
  };

  it('nobody, where others have other buckets', () => {
    const other = teamObject('kappa', { bucket: bucketSpec('c') });
    expect(shown(at('omega'), { objects: [other] })).toEqual(['ExclusiveBucket', [], undefined]);
  });

  it('those in other paths of its bucket', () => {
    expect(shown(at('omega', 'o'), { objects: [at('kappa', 'k')] })).toEqual(['SharedBucket', ['kappa'], undefined]);
  });

  it('those in a path above its own', () => {
    const others = [at('kappa', 'k'), at('all', 'o')];
    expect(shown(at('omega', 'o/1'), { objects: others })).toEqual(['PathOverlap', ['all', 'kappa'], undefined]);
    expect(decide(at('omega', 'o/1'), { objects: others }).isolation?.condition.message).toBe(
      'The sub-path o/1 overlaps that of all: give each team a sub-path, or better a bucket, of its own.',
    );
  });

  it('everybody on its instance, where it has the bucket of that', () => {
    const object = teamObject('omega', { bucketFrom: { instanceStorageRef: { name: 'wandb' }, path: 'o' } });
    expect(shown(object)).toEqual(['SameAsInstanceBucket', [], undefined]);
  });

  it('the server of another instance, where it has the bucket of that', () => {
    const object = teamObject('omega', { bucket: bucketSpec('lab-runs'), instanceRef: { name: 'wandb' } });
    expect(shown(object, { objects: [lab] })[1]).toEqual(['InstanceStorage lab']);
  });

  it('those on the bucket that it had before', () => {
    const record = recordOf({ filesLeftIn: 'lab', team: 'omega' });
    const around = { ledgers: [ledgerOf('wandb', record)] };
    expect(shown(omega, around)).toEqual(['FilesLeftInInstanceBucket', [], 'lab']);
    expect(decide(omega).isolation).not.toHaveProperty('filesLeftIn');
  });

  it('is asked for those that share a bucket only', () => {
    const objects = [wandb, at('omega', 'o'), at('kappa', 'k'), teamObject('other', { bucket: bucketSpec('c') })];
    const admissions = new Admissions(admissionWorld({ objects }));
    admissions.note(objects.map(keyOf));
    const names = [...objects, teamObject('gone'), teamObject('omega')].filter((one) =>
      admissions.isSharing(keyOf(one)),
    );
    expect([...new Set(names.map(({ metadata }) => metadata.name))]).toEqual(['omega', 'kappa']);
  });
});

describe('the order of claims', () => {
  const ranked = (claim: Claimant, around: Around = {}) => {
    const { objects = [], ledgers = [], proven = [] } = around;
    const world = admissionWorld({ objects: [wandb, claim, ...objects], ledgers: { ns: ledgers }, proven });
    const admissions = new Admissions(world);
    return admissions.rankOf(admissions.whereabouts(claim));
  };

  it('asks whether a claim is bound here, held elsewhere, proven, or none of that', () => {
    const here = ranked(omega, { ledgers: [ledgerOf('wandb', recordOf({ boundRevision: 1 }))] });
    const held = ranked(omega, { ledgers: [ledgerOf('wandb', recordOf({ at: 'former', boundRevision: 2 }))] });
    const ranks = [here, held, ranked(omega, { proven: ['uid-omega'] }), ranked(omega)];
    expect([...ranks].sort()).toEqual(ranks);
    expect(new Set(ranks.map((rank) => rank[0])).size).toBe(3);
  });
});

it('there is no decision about an object that is not there', () => {
  const admissions = new Admissions(admissionWorld({ objects: [wandb] }));
  expect(admissions.of(keyOf(omega))).toBeUndefined();
  expect(admissions.whereaboutsOf(keyOf(omega))).toBeUndefined();
  expect(admissions.whereaboutsOf(keyOf(wandb))?.storage?.name).toBe('runs');
});

it('a claim that is held at its former bucket is decided again when the bucket that it asks for has another tenant', () => {
  const objects: Claimant[] = [wandb, omega];
  const world = admissionWorld({ objects, ledgers: { ns: [ledgerOf('wandb', recordOf({ at: 'former' }))] } });
  const alone = teamObject('alone', { bucket: bucketSpec('b'), isolation: 'Required' });
  const admissions = new Admissions({ ...world, team: ({ name }) => (name === 'omega' ? omega : alone) });
  admissions.note([keyOf(wandb), keyOf(omega)]);
  expect(admissions.note([keyOf(alone)]).map(idOf)).toEqual(['TeamStorage/ns/omega']);
});
