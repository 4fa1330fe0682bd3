import type { Situation } from './situation.ts';

const CLOCK = { group: 'Time', needs: ['time'], verdict: ['ClockInSync', 'ClockSkewed'] } as const;

/** The clock of the operator against that of the store. */
export const TIME_SITUATIONS: readonly Situation[] = [
  {
    ...CLOCK,
    id: 'a clock that is 20 minutes ahead: requests are refused',
    says: /are refused/,
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket), clockAheadMinutes: 20 }),
  },
  {
    ...CLOCK,
    id: 'a clock that is 10 minutes ahead: requests are accepted',
    says: /will refuse them/,
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket), clockAheadMinutes: 10 }),
  },
];
