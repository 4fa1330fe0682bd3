import type { CheckContext } from '../check.ts';

/** Why browsers need no access to the store, or `undefined` if they do. */
export function browsersStayAway({ proxiesFileStore, appOrigin }: CheckContext): string | undefined {
  if (proxiesFileStore) {
    return 'The server proxies file traffic (spec.deployment.proxiesFileStore): browsers send no requests to the store.';
  }
  return appOrigin === undefined
    ? 'The origin of the front end is not known. To check access from browsers, set spec.deployment.url of the InstanceStorage.'
    : undefined;
}
