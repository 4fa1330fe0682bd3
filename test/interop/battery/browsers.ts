import { OTHER_ORIGIN } from '../stores/origins.ts';
import type { Situation } from './situation.ts';

/** What the CORS settings let the front end do. */
export const BROWSER_SITUATIONS: readonly Situation[] = [
  {
    id: 'no CORS rule',
    group: 'Browsers',
    needs: ['CORS off'],
    verdict: ['CorsAllowsApp', 'CorsMissing'],
    async prepare(store, bucket) {
      await store.allowOrigins(bucket, []);
      return { place: store.place(bucket) };
    },
  },
  {
    id: 'CORS for another origin',
    group: 'Browsers',
    needs: ['CORS for an origin'],
    verdict: ['CorsAllowsApp', 'CorsOriginNotAllowed'],
    async prepare(store, bucket) {
      await store.allowOrigins(bucket, [OTHER_ORIGIN]);
      return { place: store.place(bucket) };
    },
  },
];
