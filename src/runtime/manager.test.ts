import { describe, expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { createManager, type Component } from './manager.ts';

function setUp(behaviour: Readonly<Record<string, Partial<Component>>> = {}) {
  const calls: string[] = [];
  const components = ['watches', 'queues', 'health'].map((name) => ({
    name,
    start: () => {
      calls.push(`start ${name}`);
      return behaviour[name]?.start?.() ?? Promise.resolve();
    },
    stop: () => {
      calls.push(`stop ${name}`);
      return behaviour[name]?.stop?.() ?? Promise.resolve();
    },
  }));
  const log = createFakeLog();
  return { calls, log, manager: createManager({ components, clock: createFakeClock(), log }) };
}

const refuse = (): Promise<void> => Promise.reject(new Error('the port is taken'));

describe('createManager', () => {
  it('starts in the given order and stops in the reverse one', async () => {
    const { manager, calls, log } = setUp();
    await manager.start();
    await manager.stop();
    expect(calls).toEqual([
      ...['start watches', 'start queues', 'start health'],
      ...['stop health', 'stop queues', 'stop watches'],
    ]);
    expect(log.messages('info')).toEqual(['started', 'stopped']);
  });

  it('starts a component only when the one before is there', async () => {
    let there: () => void = () => undefined;
    const { manager, calls } = setUp({ watches: { start: () => new Promise((resolve) => (there = resolve)) } });
    const starting = manager.start();
    await settle();
    expect(calls).toEqual(['start watches']);
    there();
    await starting;
    expect(calls).toEqual(['start watches', 'start queues', 'start health']);
  });

  it('rejects a start that fails, and then stops what was started, the failed one too', async () => {
    const { manager, calls, log } = setUp({ queues: { start: refuse } });
    await expect(manager.start()).rejects.toThrow('the port is taken');
    await manager.stop();
    expect(calls).toEqual(['start watches', 'start queues', 'stop queues', 'stop watches']);
    expect(log.messages('info')).toEqual(['stopped']);
  });

  it('stops the others when one does not stop cleanly, and says which', async () => {
    const { manager, calls, log } = setUp({ queues: { stop: refuse } });
    await manager.start();
    await manager.stop();
    expect(calls.slice(3)).toEqual(['stop health', 'stop queues', 'stop watches']);
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([{ fields: { component: 'queues' } }]);
  });

  it('stops each component once, however often stop is called', async () => {
    let ended: () => void = () => undefined;
    const { manager, calls } = setUp({ health: { stop: () => new Promise((resolve) => (ended = resolve)) } });
    await manager.start();
    const first = manager.stop();
    let second = false as boolean;
    void manager.stop().then(() => (second = true));
    await settle();
    expect(second).toBe(false);
    ended();
    await first;
    await settle();
    expect(second).toBe(true);
    expect(calls.slice(3)).toEqual(['stop health', 'stop queues', 'stop watches']);
  });

  it('starts nothing more once stop was called', async () => {
    let there: () => void = () => undefined;
    const { manager, calls, log } = setUp({ watches: { start: () => new Promise((resolve) => (there = resolve)) } });
    const starting = manager.start();
    const stopping = manager.stop();
    there();
    await Promise.all([starting, stopping]);
    expect(calls).toEqual(['start watches', 'stop watches']);
    expect(log.messages('info')).toEqual(['stopped']);
  });
});
