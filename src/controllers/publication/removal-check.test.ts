import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from '../../../test/support/fakes/clock.ts';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { teamObject } from '../../../test/support/fakes/publishing-world.ts';
import type { TeamStorage } from '../../api/resources.ts';
import { claimId, type ClaimRecord } from '../../domain/publication/ledger.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { KubeObject } from '../../api/object.ts';
import type { KubeFailure } from '../../ports/kube.ts';
import { INTERVALS } from '../../domain/intervals.ts';
import { createRemovalCheck, type RemovalCheck } from './removal-check.ts';

const { quiet: QUIET_MS, longest: MAX_WAIT_MS } = INTERVALS.publication.removal;

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const gone = (name: string): KubeFailure => ({ status: 404, reason: 'NotFound', message: '', details: { name } });
const NO_DETAILS: KubeFailure = { status: 404, reason: 'Http404', message: 'the server answered 404' };
const FORBIDDEN: KubeFailure = { status: 403, reason: 'Forbidden', message: 'no' };

const OMEGA = recordsOf('omega')[0]!;
const ID = claimId(OMEGA);

function recordsOf(...names: readonly string[]): readonly ClaimRecord[] {
  return update(
    EMPTY,
    names.map((name) => proven(team(name, bucket(name), { deletionPolicy: 'Remove' }), name)),
  ).ledger.claims;
}

let clock: FakeClock;
let check: RemovalCheck;
let live: Map<string, Result<TeamStorage, KubeFailure>>;
let cached: TeamStorage[];
let verbs: Result<readonly string[], KubeFailure>;
let listed: Result<readonly KubeObject[], KubeFailure>;
let asked: string[];
let synced: boolean;

beforeEach(() => {
  clock = createFakeClock();
  live = new Map();
  cached = [];
  verbs = ok(VERBS);
  listed = ok([]);
  asked = [];
  synced = true;
  const cacheOf = <T extends KubeObject>(list: () => readonly T[]) => ({
    get synced() {
      return synced;
    },
    get: ({ name }: { readonly name: string }) => list().find(({ metadata }) => metadata.name === name),
    list,
  });
  check = createRemovalCheck({
    kube: {
      get: ({ kind }, { name }) => {
        asked.push(`get ${kind} ${name}`);
        return Promise.resolve((live.get(name) ?? err(gone(name))) as never);
      },
      list: ({ kind }) => {
        asked.push(`list ${kind}`);
        return Promise.resolve(listed as never);
      },
      servedVerbs: () => Promise.resolve(verbs),
    },
    instances: cacheOf(() => []),
    teams: cacheOf(() => cached),
    clock,
  });
});

async function checkGone(records: readonly ClaimRecord[] = [OMEGA]) {
  const { evidence, ...rest } = await check.check('ns/wandb', 'ns', { gone: records, confirmed: [] });
  return { gone: [...evidence.gone], unserved: [...evidence.unserved], ...rest };
}

async function checkWhenQuiet(records?: readonly ClaimRecord[]) {
  clock.advance(QUIET_MS);
  return checkGone(records);
}

describe('what seems to be gone', () => {
  it('is gone when the API server names it as missing, after 10 s of quiet', async () => {
    expect(await checkGone()).toEqual({ gone: [], unserved: [], againMs: QUIET_MS });
    expect(asked).toEqual([]);
    clock.advance(QUIET_MS - 1);
    expect(await checkGone()).toEqual({ gone: [], unserved: [], againMs: 1 });
    clock.advance(1);
    expect(await checkGone()).toEqual({ gone: [ID], unserved: [] });
    expect(asked).toEqual(['get TeamStorage omega']);
  });

  it('is waited for anew after each deletion in its namespace, and in no other', async () => {
    clock.advance(60_000);
    check.deleted(teamObject('other'), true);
    clock.advance(QUIET_MS - 4_000);
    check.deleted(teamObject('other'), true);
    check.deleted({ ...teamObject('other'), metadata: { name: 'other', namespace: 'elsewhere' } }, true);
    clock.advance(4_000);
    expect(await checkGone()).toEqual({ gone: [], unserved: [], againMs: QUIET_MS - 4_000 });
  });

  it('is asked for after 2 min however much is deleted', async () => {
    await checkGone();
    for (let waited = 0; waited < MAX_WAIT_MS; waited += 5_000) {
      check.deleted(teamObject('other'), true);
      expect((await checkGone()).gone).toEqual([]);
      clock.advance(5_000);
      check.deleted(teamObject('other'), true);
    }
    expect((await checkGone()).gone).toEqual([ID]);
  });

  it('is waited for as long as any other, beside one that never settles', async () => {
    // Its label has left our selector: it exists, and no cache shows it.
    const [hidden, replaced] = recordsOf('hidden', 'replaced') as [ClaimRecord, ClaimRecord];
    live.set('hidden', ok(teamObject('hidden')));
    await checkGone([hidden]);
    clock.advance(MAX_WAIT_MS * 5);
    expect((await checkGone([hidden])).gone).toEqual([]);

    // kubectl replace --force: deleted now, and there again in a moment.
    check.deleted(teamObject('other'), true);
    expect(await checkGone([hidden, replaced])).toMatchObject({ gone: [], againMs: 5_000 });
    clock.advance(QUIET_MS);
    expect((await checkGone([hidden, replaced])).gone).toEqual([claimId(replaced)]);
  });

  it.each<[string, () => void]>([
    ['exists', () => live.set('omega', ok(teamObject('omega')))],
    ['is answered by a 404 without details, as a path that is not served is', () => live.set('omega', err(NO_DETAILS))],
    ['is answered by a 404 of another name', () => live.set('omega', err(gone('kappa')))],
    ['is of a kind that is on its way out', () => (verbs = ok(VERBS.filter((verb) => verb !== 'create')))],
    ['cannot be decided from incomplete caches', () => (synced = false)],
  ])('stays where it %s', async (_, given) => {
    given();
    expect(await checkWhenQuiet()).toEqual({ gone: [], unserved: [], againMs: 5_000 });
  });

  it.each<[string, () => void]>([
    ['the object', () => live.set('omega', err(FORBIDDEN))],
    ['the verbs of its kind', () => (verbs = err(FORBIDDEN))],
  ])('stays, and the refusal is reported, where the API server denies reading %s', async (_, given) => {
    given();
    expect(await checkWhenQuiet()).toEqual({ gone: [], unserved: [], againMs: 5_000, failure: FORBIDDEN });
  });

  it('is gone where another incarnation has its name, which the state has considered', async () => {
    const again = teamObject('omega', {}, { uid: 'uid-again' });
    live.set('omega', ok(again));
    // The cache is behind: the state of the new one was not derived yet.
    expect((await checkWhenQuiet()).gone).toEqual([]);
    cached = [again];
    expect((await checkWhenQuiet()).gone).toEqual([ID]);
  });

  it('stays for good where its kind is not served any more', async () => {
    verbs = ok([]);
    expect(await checkWhenQuiet()).toEqual({ gone: [], unserved: ['TeamStorage'] });
    expect(asked).toEqual([]);
  });

  it('stays for good also where the ledger that says so could not be written', async () => {
    check.deleted(teamObject('omega', { deletionPolicy: 'Remove' }, { namespace: 'ns' }), true);
    verbs = ok([]);
    await checkWhenQuiet();
    expect(check.unrecorded('ns/wandb', 'ns').policies).toEqual(new Map([[ID, 'Retain']]));
  });

  it('counts as its ledger says where the last version of its object was missed, unless that was to be retained', () => {
    const omega = (deletionPolicy: 'Retain' | 'Remove') => teamObject('omega', { deletionPolicy }, { namespace: 'ns' });
    const policies = () => check.unrecorded('ns/wandb', 'ns').policies.get(ID);
    check.deleted(omega('Remove'), true);
    expect(policies()).toBe('Remove');
    check.deleted(omega('Remove'), false);
    expect(policies()).toBeUndefined();
    check.deleted(omega('Retain'), false);
    expect(policies()).toBe('Retain');
  });

  it('is looked for in one list where more than 20 are', async () => {
    const records = recordsOf(...Array.from({ length: 21 }, (_, index) => `t${String(index)}`));
    listed = ok([teamObject('t3')]);
    const { gone: found, againMs } = await checkWhenQuiet(records);

    expect(asked).toEqual(['list TeamStorage']);
    expect(found).toHaveLength(20);
    expect(found).not.toContain('TeamStorage/t3');
    expect(againMs).toBe(5_000);
    listed = err(FORBIDDEN);
    expect(await checkGone(records)).toMatchObject({ gone: [], failure: FORBIDDEN });
  });
});

describe('what is asked to move', () => {
  const judged = teamObject('omega', {}, { generation: 2 });
  const confirm = async () => {
    const found = await check.check('ns/wandb', 'ns', { gone: [], confirmed: [OMEGA] });
    return [[...found.evidence.confirmed], found.againMs];
  };

  it('is confirmed at once where the object is the one that was judged', async () => {
    cached = [judged];
    live.set('omega', ok(judged));
    expect(await confirm()).toEqual([[ID], undefined]);
  });

  it.each<[string, TeamStorage | undefined]>([
    ['was edited since', teamObject('omega', {}, { generation: 3 })],
    ['is another incarnation', teamObject('omega', {}, { generation: 2, uid: 'uid-again' })],
    ['is gone', undefined],
  ])('waits where the object %s', async (_, object) => {
    cached = [judged];
    if (object !== undefined) live.set('omega', ok(object));
    expect(await confirm()).toEqual([[], 5_000]);
  });
});
