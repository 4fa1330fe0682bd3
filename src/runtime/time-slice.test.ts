import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../test/support/fakes/clock.ts';
import { createTimeSlice } from './time-slice.ts';

it('resumes long work after a whole turn of the event loop, and short work at once', async () => {
  const clock = createFakeClock();
  const timeSlice = createTimeSlice(clock);
  const order: string[] = [];
  await timeSlice().then(() => order.push('short work'));
  clock.advance(20);
  setImmediate(() => setImmediate(() => order.push('next turn')));
  await timeSlice().then(() => order.push('long work'));
  expect(order).toEqual(['short work', 'next turn', 'long work']);
});
