import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import { createRotationTimer } from './rotation-timer.ts';

function setUp() {
  const clock = createFakeClock();
  const measured: number[] = [];
  const timer = createRotationTimer({ clock, metrics: { recordRotation: (seconds) => measured.push(seconds) } });
  return { clock, measured, timer };
}

it('measures from the first observation of a changed key to its publication', () => {
  const { clock, measured, timer } = setUp();
  timer.observe('uid', 'old', 'old');
  timer.observe('uid', 'new', 'old');
  clock.advance(1500);
  timer.observe('uid', 'new', 'old');
  clock.advance(500);
  timer.observe('uid', 'new', 'new');
  timer.observe('uid', 'new', 'new');

  expect(measured).toEqual([2]);
});

it('begins again when the key changes once more, and measures no first publication', () => {
  const { clock, measured, timer } = setUp();
  timer.observe('uid', 'first', undefined);
  timer.observe('uid', 'first', 'first');
  timer.observe('uid', 'wrong', 'first');
  clock.advance(60_000);
  timer.observe('uid', 'right', 'first');
  clock.advance(1000);
  timer.observe('uid', 'right', 'right');

  expect(measured).toEqual([1]);
});
