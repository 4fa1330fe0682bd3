import { describe, expect, it } from '@jest/globals';
import { COMMA, SALT_TEXT } from '../../../test/support/fakes/publication.ts';
import {
  bucketSpec,
  instanceObject,
  PublishingWorld,
  teamObject,
} from '../../../test/support/fakes/publishing-world.ts';
import { emptyLedger } from '../publication/ledger.ts';
import { idOf } from './world.ts';

describe('a second InstanceStorage', () => {
  const first = instanceObject('wandb', {}, { creationTimestamp: '2026-01-01T00:00:00Z' });
  const second = (spec: Parameters<typeof instanceObject>[1], namespace = 'ns') =>
    instanceObject('other', spec, { namespace, creationTimestamp: '2026-01-02T00:00:00Z' });
  const AMBIGUOUS =
    'InstanceStorage wandb is in this namespace as well: a TeamStorage that is created now must name one of them in spec.instanceRef, or it is refused (InstanceAmbiguous).';

  it('in a namespace is accepted with a notice about the first, which gets none', () => {
    const world = new PublishingWorld();
    const other = second({ bucket: bucketSpec('other-runs') });
    for (const name of ['wandb', 'other']) world.ledgers.settle(`ns/${name}`, emptyLedger(SALT_TEXT, COMMA));
    world.put(first, other);
    expect([world.of(first)?.notice, world.of(first)?.refusal]).toEqual([undefined, undefined]);
    expect([world.of(other)?.notice, world.of(other)?.refusal]).toEqual([AMBIGUOUS, undefined]);

    world.remove(first);
    expect(world.of(other)?.notice).toBeUndefined();
  });

  it('at the bucket and path of the first gets a notice that two servers would write there', () => {
    const world = new PublishingWorld();
    const [same, beside] = [{ bucket: bucketSpec('runs') }, { bucket: bucketSpec('runs', { path: 'b' }) }];
    world.put(first, second(same), second(same, 'n2'));
    expect(world.of(second(same))?.notice).toMatch(/^InstanceStorage wandb has the same bucket and path: two W&B/);
    expect(world.of(second(same, 'n2'))?.notice).toMatch(/^InstanceStorage \(in another namespace\) has the same/);
    expect(world.of(first)?.notice).toBeUndefined();

    world.put(second(beside));
    expect(world.of(second(beside))?.notice).toBe(AMBIGUOUS);
  });

  it('is decided again when the first comes to its place or leaves it, and not when a team does', () => {
    const world = new PublishingWorld();
    const other = second({ bucket: bucketSpec('shared') }, 'n2');
    world.put(other, instanceObject('wandb', { bucket: bucketSpec('shared') }));
    expect(world.noted.map(idOf)).toContain('InstanceStorage/n2/other');
    for (let age = 10; age < 30; age += 1) {
      world.put(
        teamObject(
          `t${String(age)}`,
          { bucket: bucketSpec('shared', { path: `t${String(age)}` }) },
          { creationTimestamp: `2026-02-01T00:00:${String(age)}Z` },
        ),
      );
    }
    const before = world.of(other)?.notice;
    world.put(teamObject('last', { bucket: bucketSpec('shared', { path: 'last' }) }, { namespace: 'n2' }));
    expect(world.of(other)?.notice).toBe(before);

    world.put(instanceObject('wandb', { bucket: bucketSpec('elsewhere') }));
    expect(world.noted.map(idOf)).toContain('InstanceStorage/n2/other');
    expect(world.of(other)?.notice).toBeUndefined();
  });
});
