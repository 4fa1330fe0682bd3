import { randomBytes } from 'node:crypto';
import type { PlaceOptions } from '../stores/store.ts';
import type { Situation } from './situation.ts';

const ODD_PATH = "teams/ü & 100% #1?+'(1)!~*=:@,;/日本語";
/** As long as a spec may say: 900 bytes, in segments that file systems take. */
const LONG_PATH = `${'segment-of-a-path-that-is-long-'.repeat(3)}/`.repeat(10).slice(0, 899).padEnd(900, 'x');

/** Buckets with which nothing is wrong: each must be Ready. */
export const GOOD_SITUATIONS: readonly Situation[] = [
  good('a whole bucket'),
  good('a path', { path: 'teams/omega' }),
  good('a path of odd characters', { path: ODD_PATH }),
  good('the longest path', { path: LONG_PATH }),
  { ...good('a name of 63 characters'), bucketName: () => `omega-${randomBytes(28).toString('hex')}x` },
  { ...good('a name with dots'), bucketName: () => `omega.${randomBytes(6).toString('hex')}.data` },
  {
    ...good('virtual-hosted addressing', { path: 'teams/omega', addressing: 'VirtualHosted' }),
    needs: ['virtual hosts'],
  },
  {
    ...good('a light probe'),
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket), mode: 'Light' }),
  },
];

function good(id: string, options: PlaceOptions = {}): Situation {
  return {
    id,
    group: 'Good buckets',
    needs: [],
    verdict: 'Ready',
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket, options) }),
  };
}
