import { expect, it } from '@jest/globals';
import type { ProbePriority } from '../../probes/priority.ts';
import { createAwaitedProbes } from './awaited-probes.ts';

function setUp() {
  let held = 0;
  const probes = createAwaitedProbes(() => {
    held += 1;
    return () => (held -= 1);
  });
  const beginMany = (priority: ProbePriority, count: number) =>
    Array.from({ length: count }, () => probes.begin(priority));
  return { begin: probes.begin, beginMany, held: () => held };
}

it.each(['New', 'Changed'] as const)('holds what is due while a probe runs that is %s', (priority) => {
  const { begin, held } = setUp();
  const end = begin(priority);
  expect(held()).toBe(1);
  end();
  expect(held()).toBe(0);
});

it('holds nothing for what is due', () => {
  const { begin, held } = setUp();
  const end = begin('Due');
  expect(held()).toBe(0);
  end();
  expect(held()).toBe(0);
});

it('holds nothing for one of a crowd, and something for one that is none of it', () => {
  const { begin, beginMany, held } = setUp();
  const crowd = beginMany('Changed', 200);
  expect(held()).toBe(20);
  for (const end of crowd.slice(0, 20)) end();
  expect(held()).toBe(0);
  begin('Changed')();

  const end = begin('New');
  expect(held()).toBe(1);
  end();
  for (const one of crowd.slice(20)) one();
  begin('Changed');
  expect(held()).toBe(1);
});
