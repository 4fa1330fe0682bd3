import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createFakeLog } from '../../test/support/fakes/log.ts';
import { settle } from '../../test/support/fakes/settle.ts';
import { NO_METRICS } from '../../test/support/publication-model/no-metrics.ts';
import { createTimeSlice } from '../runtime/time-slice.ts';
import { createControllerQueue, runController } from './controller-queues.ts';

it('tries again within 30 seconds of the end of a fault, however long that lasted', async () => {
  const clock = createFakeClock();
  const around = { runtime: NO_METRICS.runtime, clock, timeSlice: createTimeSlice(clock), log: createFakeLog() };
  const queue = createControllerQueue('teams', around);
  let runs = 0;
  const fail = () => {
    runs += 1;
    return Promise.resolve({ kind: 'retry', cause: 'status: 500' } as const);
  };
  await runController(queue, fail, { ...around, workers: 1, random: () => 1 }).start();
  queue.queue.add('wandb/omega', 'fast');
  for (let second = 0; second < 3_600; second += 1) {
    clock.advance(1_000);
    await settle();
  }
  const before = runs;
  clock.advance(30_000);
  await settle();
  expect(runs).toBe(before + 1);
});
