import { beforeEach, describe, expect, it } from '@jest/globals';
import { PLAIN_WISH, specOf, type Slot, type Wish } from '../../../test/support/publication-model/universe.ts';
import { World } from '../../../test/support/publication-model/world.ts';
import { findCondition } from '../../domain/conditions/conditions.ts';

const INSTANCE: Slot = { kind: 'InstanceStorage', namespace: 'wandb', name: 'prod' };
const TEAM: Slot = { kind: 'TeamStorage', namespace: 'wandb', name: 't1' };
const OTHER: Slot = { kind: 'TeamStorage', namespace: 'wandb', name: 't2' };
const ON = (bucket: 'b1' | 'b2' | 'b3') => ({ bucket, path: '', secret: 'k1' }) as const;

let world: World;
const ask = (slot: Slot, wish: Partial<Wish>) => world.put(slot, specOf(slot, { ...PLAIN_WISH, ...wish }));

/** What `kubectl get` shows of the team. */
function reported() {
  const { status } = world.truth.teams.reader.get(TEAM) ?? {};
  const of = (type: string): string => {
    const { status: is, reason } = findCondition(status?.conditions ?? [], type) ?? {};
    return `${is ?? ''} ${reason ?? ''}`;
  };
  return { isolated: of('Isolated'), ready: of('Ready'), filesLeftIn: status?.isolation?.filesLeftIn };
}

describe('files that a team left in the instance bucket are recorded', () => {
  beforeEach(async () => {
    world = new World();
    await world.setUp();
    await ask(INSTANCE, {});
    await ask(OTHER, { at: ON('b3'), team: 'omega', isolation: 'Required' });
    await ask(TEAM, { at: 'nothing' });
    await world.pass(10_000);
    expect(reported()).toMatchObject({
      isolated: 'False UsesInstanceBucket',
      ready: expect.stringMatching(/^True/) as unknown,
    });
  });

  /** Required: what cannot be kept apart must not be Ready. */
  const notIsolated = {
    isolated: 'False FilesLeftInInstanceBucket',
    ready: 'False FilesLeftInInstanceBucket',
    filesLeftIn: 'prod',
  };

  it.each([
    ['by the same operator', () => undefined],
    ['by one that was restarted since', () => world.restart()],
  ])('where the first try of a bucket of its own was refused, %s', async (_, meanwhile) => {
    await ask(TEAM, { at: ON('b3'), isolation: 'Required' });
    await world.pass(10_000);
    expect(reported()).toMatchObject({ ready: 'False IsolationViolated' });
    meanwhile();
    await ask(TEAM, { at: ON('b2'), isolation: 'Required' });
    await world.pass(10_000);
    expect(reported()).toEqual(notIsolated);
  });

  it.each([
    ['by the same operator', () => undefined],
    ['by one that was restarted since', () => world.restart()],
  ])('where the instance bucket was failing at the moment of the switch, %s', async (_, meanwhile) => {
    world.bucketWorks.set('b1-data', false);
    await world.pass(4_500_000);
    expect(reported().ready).toMatch(/^False/);
    meanwhile();
    await ask(TEAM, { at: ON('b2'), isolation: 'Required' });
    await world.pass(10_000);
    expect(reported()).toEqual(notIsolated);
  });
});
