import { describe, expect, it } from '@jest/globals';
import { createNameLookups, lookupLimit } from './name-lookups.ts';

/** A resolver that answers when the test decides. */
function scripted(limit: number) {
  const open = new Map<string, PromiseWithResolvers<readonly string[]>>();
  const asked: string[] = [];
  const lookups = createNameLookups({
    limit,
    hangsAfterMs: 0,
    lookup: (host) => {
      asked.push(host);
      const answer = Promise.withResolvers<readonly string[]>();
      open.set(host, answer);
      return answer.promise;
    },
  });
  return {
    ...lookups,
    asked,
    answer(host: string): void {
      open.get(host)?.resolve(['10.0.0.1']);
      open.delete(host);
    },
    fail(host: string): void {
      open.get(host)?.reject(Object.assign(new Error(host), { code: 'EAI_AGAIN' }));
      open.delete(host);
    },
    /** Asks for a name and lets it be answered at once. */
    async know(host: string): Promise<void> {
      const found = lookups.resolve(host);
      open.get(host)?.resolve(['10.0.0.1']);
      await found;
    },
  };
}

const hanging = (count: number) => Array.from({ length: count }, (_, index) => `hangs-${index}.test`);

async function untilHanging(world: ReturnType<typeof scripted>, count: number): Promise<void> {
  while (world.counts().hanging < count) await new Promise((resolve) => setImmediate(resolve));
}

describe('look-ups of names', () => {
  it('are shared by all calls for the same name, and new after the answer', async () => {
    const world = scripted(4);
    const both = [world.resolve('store.test'), world.resolve('store.test')];
    expect(world.asked).toEqual(['store.test']);
    world.answer('store.test');
    expect(await Promise.all(both)).toEqual([['10.0.0.1'], ['10.0.0.1']]);
    void world.resolve('store.test');
    expect(world.asked).toEqual(['store.test', 'store.test']);
  });

  it('that fail, fail for every caller, with the error of the resolver', async () => {
    const world = scripted(4);
    const both = [world.resolve('store.test'), world.resolve('store.test')];
    world.fail('store.test');
    for (const one of both) await expect(one).rejects.toMatchObject({ code: 'EAI_AGAIN' });
  });

  it('of a name that was answered before wait for none that hang, however many these are', async () => {
    const world = scripted(8);
    await world.know('store.test');
    for (const host of hanging(100)) void world.resolve(host);
    const found = world.resolve('store.test');
    expect(world.asked.at(-1)).toBe('store.test');
    world.answer('store.test');
    expect(await found).toEqual(['10.0.0.1']);
  });

  it('of a new name do not wait for names that hung before: these share a quarter of the threads', async () => {
    const world = scripted(8);
    for (const host of hanging(6)) void world.resolve(host);
    await untilHanging(world, 6);
    for (const host of hanging(6)) world.answer(host);
    await new Promise((resolve) => setImmediate(resolve));
    for (const host of hanging(6)) void world.resolve(host);
    expect(world.counts()).toEqual({ running: 2, waiting: 4, hanging: 6, limit: 8 });
    void world.resolve('new.test');
    expect(world.asked.at(-1)).toBe('new.test');
  });

  it('never take more threads than they may, whether a caller still waits or not', async () => {
    const world = scripted(4);
    for (const host of hanging(50)) void world.resolve(host);
    await untilHanging(world, 3);
    expect(world.counts()).toEqual({ running: 3, waiting: 47, hanging: 3, limit: 4 });
    expect(world.asked).toHaveLength(3);
  });

  it('of a name that hung are for it alone again, once it has been answered at once', async () => {
    const world = scripted(4);
    void world.resolve('slow.test');
    await untilHanging(world, 1);
    world.answer('slow.test');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.counts().hanging).toBe(1);
    await world.know('slow.test');
    expect(world.counts()).toEqual({ running: 0, waiting: 0, hanging: 0, limit: 4 });
  });

  it('of a name that waited too long for its caller are made nevertheless, so that it can be known again', async () => {
    const world = scripted(2);
    for (const host of hanging(2)) void world.resolve(host).catch(() => undefined);
    await untilHanging(world, 1);
    expect(world.asked).toEqual(['hangs-0.test']);
    world.answer('hangs-0.test');
    await new Promise((resolve) => setImmediate(resolve));
    expect(world.asked).toEqual(['hangs-0.test', 'hangs-1.test']);
  });

  it('of a flood of names end at once', async () => {
    const world = scripted(2);
    const flood = Array.from({ length: 2000 }, (_, index) => world.resolve(`flood-${index}.test`));
    for (const one of flood.slice(0, -1)) one.catch(() => undefined);
    await expect(flood.at(-1)).rejects.toMatchObject({ code: 'EAI_AGAIN' });
    expect(world.counts().waiting).toBe(1024);
  });
});

describe('the limit of look-ups', () => {
  it.each([
    [undefined, 2],
    ['', 2],
    ['4', 2],
    ['8', 3],
    ['64', 31],
    ['not a number', 2],
    ['0', 2],
    ['99999', 511],
  ])('with UV_THREADPOOL_SIZE=%s is %i', (size, limit) => {
    expect(lookupLimit(size)).toBe(limit);
  });
});
