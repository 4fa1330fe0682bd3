import { expect, it } from '@jest/globals';
import { createUrgency } from './urgency.ts';

it('rises and never falls, and tells of it', () => {
  const urgency = createUrgency('Due');
  const seen: string[] = [];
  urgency.onRaised(() => seen.push(urgency.priority));
  for (const to of ['Due', 'Changed', 'Due', 'Changed', 'New', 'Changed'] as const) urgency.raise(to);
  expect(seen).toEqual(['Changed', 'New']);
  expect(urgency.priority).toBe('New');
});

it('tells nobody who has stopped to listen', () => {
  const urgency = createUrgency('Due');
  const seen: string[] = [];
  const unlisten = urgency.onRaised(() => seen.push('first'));
  urgency.onRaised(() => seen.push('second'));
  unlisten();
  urgency.raise('New');
  expect(seen).toEqual(['second']);
});

it('tells nobody who stops to listen while others are told, nor who begins to', () => {
  const urgency = createUrgency('Due');
  const seen: string[] = [];
  urgency.onRaised(() => {
    seen.push('first');
    unlisten();
    urgency.onRaised(() => seen.push('late'));
  });
  const unlisten = urgency.onRaised(() => seen.push('second'));
  urgency.raise('New');
  expect(seen).toEqual(['first']);
});
