import type { CheckContext } from '../check.ts';

/** Why it does not matter what browsers can do with the store, if so. */
export function browsersStayAway({ proxiesFileStore, appOrigin }: CheckContext): string | undefined {
  if (proxiesFileStore) {
    return 'The server proxies file traffic (spec.deployment.proxiesFileStore): browsers never speak to the store.';
  }
  return appOrigin === undefined
    ? 'The origin of the front end is not known: set spec.deployment.url of the InstanceStorage to have it checked what browsers can do.'
    : undefined;
}
