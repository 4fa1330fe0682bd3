import { expect, it } from '@jest/globals';
import { createUrgency } from './urgency.ts';

it('rises and never falls, and tells of it until nobody listens', () => {
  const urgency = createUrgency('Due');
  const seen: string[] = [];
  const forget = urgency.onRaised(() => seen.push(urgency.priority));
  for (const to of ['Due', 'Changed', 'Due', 'Changed', 'New', 'Changed'] as const) urgency.raise(to);
  expect(seen).toEqual(['Changed', 'New']);
  forget();
  const other = createUrgency('Changed');
  other.onRaised(() => seen.push('other'));
  urgency.raise('New');
  expect(seen).toEqual(['Changed', 'New']);
  expect(urgency.priority).toBe('New');
});
