import { describe, expect, it } from '@jest/globals';
import { minio, s3 } from '../../../test/support/fakes/observations.ts';
import { admissionRound } from './admission-round.ts';
import type { Resolution } from './resolve-claim.ts';
import type { ClaimKey } from './world.ts';

type Isolation = 'Required' | 'Preferred';

/** Teams of one namespace by name: whether each may be proven, and on which bucket. */
function roundOf(
  teams: Readonly<
    Record<string, { readonly on?: object; readonly isolation?: Isolation; readonly mayProve?: boolean }>
  >,
) {
  const named = (name: string): Resolution | undefined => {
    const team = teams[name];
    if (team === undefined) return undefined;
    const { on, isolation = 'Preferred' } = team;
    const object = { kind: 'TeamStorage', metadata: { name, namespace: 'wandb' }, spec: { team: name, isolation } };
    return { object, records: [], ...(on !== undefined && { storage: on }) } as unknown as Resolution;
  };
  return admissionRound({
    whereaboutsOf: ({ name }) => named(name),
    mayProve: ({ object }) => teams[object.metadata.name]?.mayProve ?? true,
  });
}

const team = (name: string): ClaimKey => ({ kind: 'TeamStorage', namespace: 'wandb', name });

describe('of claims that arrive together', () => {
  it('a later one does not get the bucket that an earlier one holds exclusively', () => {
    const round = roundOf({ a: { on: minio, isolation: 'Required' }, b: { on: minio }, c: { on: s3 } });
    expect(round.admit(team('a'))).toBe(true);
    round.placed(team('a'));

    expect(round.admit(team('b'))).toBe(false);
    expect(round.admit(team('c'))).toBe(true);
    // It may be placed once more itself, such as at another path.
    expect(round.admit(team('a'))).toBe(true);
  });

  it('each gets a bucket that nobody holds exclusively, or that was not placed', () => {
    const round = roundOf({ a: { on: minio }, b: { on: minio, isolation: 'Required' }, c: { on: minio } });
    round.placed(team('a'));

    expect(round.admit(team('b'))).toBe(true);
    expect(round.admit(team('c'))).toBe(true);
  });

  it('the first that holds a bucket keeps it', () => {
    const round = roundOf({
      a: { on: minio, isolation: 'Required' },
      b: { on: minio, isolation: 'Required' },
      c: { on: minio },
    });
    round.placed(team('a'));
    round.placed(team('b'));

    expect(round.admit(team('a'))).toBe(true);
    expect(round.admit(team('b'))).toBe(false);
    expect(round.admit(team('c'))).toBe(false);
  });

  it('none is admitted that may not be proven, or that is gone', () => {
    const round = roundOf({ a: { on: minio, mayProve: false } });

    expect(round.admit(team('a'))).toBe(false);
    expect(round.admit(team('gone'))).toBe(false);
  });

  it('one without a bucket takes none, and is refused by none', () => {
    const round = roundOf({ a: { isolation: 'Required' }, b: { on: minio }, c: {} });
    round.placed(team('a'));
    round.placed(team('gone'));

    expect(round.admit(team('b'))).toBe(true);
    expect(round.admit(team('c'))).toBe(true);
  });
});
