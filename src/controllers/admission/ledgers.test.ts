import { beforeEach, describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { Ledgers } from './ledgers.ts';

const one = update(EMPTY, [proven(team('a', bucket('a')), 'a1')]).ledger;
const two = update(one, [proven(team('b', bucket('b')), 'b1')]).ledger;
const rotated = update(two, [proven(team('a', bucket('a')), 'a2')]).ledger;

let ledgers: Ledgers;
let notified: string[];

beforeEach(() => {
  ledgers = new Ledgers((namespace) => (namespace === 'ns' ? ['wandb', 'other'] : []));
  notified = [];
  ledgers.onChange((claims) =>
    notified.push(
      claims
        .map(({ namespace, name }) => `${namespace}/${name}`)
        .sort()
        .join(' '),
    ),
  );
});

describe('the known content of ledgers', () => {
  it('is nothing until one was read, which is not the same as an empty one', () => {
    expect(ledgers.in('ns')).toEqual([{ instance: 'wandb' }, { instance: 'other' }]);
    ledgers.settle('ns/wandb', EMPTY);
    expect(ledgers.in('ns')).toEqual([{ instance: 'wandb', ledger: EMPTY }, { instance: 'other' }]);
    expect(ledgers.in('elsewhere')).toEqual([]);
  });

  it('counts what is being written from the moment of its reservation, and is not yet known', () => {
    ledgers.settle('ns/wandb', one);
    ledgers.reserve('ns/wandb', two);

    expect(ledgers.view('ns/wandb')).toBe(two);
    expect(ledgers.known('ns/wandb')).toBe(one);
    expect(ledgers.in('ns')[0]?.ledger).toBe(two);
  });

  it('is listed once, until a ledger changes or the instances do', () => {
    let names = ['wandb'];
    const listed = new Ledgers(() => names);
    const before = listed.in('ns');
    expect(listed.in('ns')).toBe(before);

    listed.settle('ns/wandb', one);
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: one }]);
    listed.reserve('ns/wandb', two);
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: two }]);
    listed.release('ns/wandb');
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: one }]);
    names = ['wandb', 'other'];
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: one }, { instance: 'other' }]);
  });

  it('counts also where its instance was deleted before the watch showed the Secret that was just created', () => {
    let names = ['wandb'];
    const listed = new Ledgers(() => names);
    listed.reserve('ns/wandb', one);
    names = [];
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: one }]);
    listed.settle('ns/wandb', one);
    expect(listed.in('ns')).toEqual([{ instance: 'wandb', ledger: one }]);
    listed.settle('ns/wandb', undefined);
    expect(listed.in('ns')).toEqual([]);
  });

  it('is what was known before when a write has failed', () => {
    ledgers.settle('ns/wandb', one);
    ledgers.reserve('ns/wandb', two);
    ledgers.release('ns/wandb');

    expect([ledgers.view('ns/wandb'), ledgers.known('ns/wandb')]).toEqual([one, one]);
    ledgers.release('ns/wandb');
    expect(ledgers.view('ns/wandb')).toBe(one);
  });

  it('is unknown again when the first write has failed', () => {
    ledgers.reserve('ns/wandb', one);
    ledgers.release('ns/wandb');
    expect(ledgers.in('ns')[0]).toEqual({ instance: 'wandb' });
  });

  it('is what was written when it was written: no reservation outlives that', () => {
    ledgers.reserve('ns/wandb', one);
    ledgers.settle('ns/wandb', two);
    ledgers.release('ns/wandb');

    expect([ledgers.view('ns/wandb'), ledgers.known('ns/wandb')]).toEqual([two, two]);
  });

  it('is nothing when there is no ledger any more', () => {
    ledgers.settle('ns/wandb', one);
    ledgers.settle('ns/wandb', undefined);
    expect(ledgers.view('ns/wandb')).toBeUndefined();
  });
});

describe('the listener', () => {
  it('is called with exactly the claims whose records changed', () => {
    ledgers.settle('ns/wandb', one);
    ledgers.reserve('ns/wandb', two);
    ledgers.settle('ns/wandb', two);
    ledgers.settle('ns/wandb', rotated);
    ledgers.settle('ns/wandb', undefined);

    expect(notified).toEqual(['ns/a', 'ns/b', 'ns/a', 'ns/a ns/b']);
  });

  it('is called when a reservation is released, and when a ledger is found to be empty', () => {
    ledgers.settle('ns/wandb', EMPTY);
    ledgers.reserve('ns/wandb', one);
    ledgers.release('ns/wandb');
    expect(notified).toEqual(['', 'ns/a', 'ns/a']);
  });

  it('is called with the claims that are bound by their status, when a ledger becomes known and when it is lost', () => {
    const bound = { 'ns/wandb': ['a', 'lost'], 'ns/other': ['c'] };
    const watched = new Ledgers(
      () => ['wandb', 'other'],
      (instance) => bound[instance as keyof typeof bound].map((name) => ({ kind: 'TeamStorage', name })),
    );
    const heard: string[][] = [];
    watched.onChange((claims) => heard.push(claims.map(({ namespace, name }) => `${namespace}/${name}`).sort()));
    watched.settle('ns/wandb', one);
    watched.settle('ns/wandb', two);
    watched.settle('ns/other', EMPTY);
    watched.settle('ns/wandb', undefined);
    expect(heard).toEqual([['ns/a', 'ns/lost'], ['ns/b'], ['ns/c'], ['ns/a', 'ns/b', 'ns/lost']]);
  });

  it('hears which changes no decision of this process made: what was undone, and what was read', () => {
    const decided: boolean[] = [];
    ledgers.onChange((_, isDecided) => decided.push(isDecided));
    ledgers.settle('ns/wandb', one);
    ledgers.reserve('ns/wandb', two);
    ledgers.release('ns/wandb');
    ledgers.reserve('ns/wandb', two);
    ledgers.settle('ns/wandb', two);
    ledgers.settle('ns/wandb', one);
    expect(decided).toEqual([false, true, false, true, false]);
  });

  it('is called after the change', () => {
    const seen: unknown[] = [];
    ledgers.onChange(() => seen.push(ledgers.view('ns/wandb')));
    ledgers.settle('ns/wandb', one);
    expect(seen).toEqual([one]);
  });
});
