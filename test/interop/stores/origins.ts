import { APP } from '../../contract/probe-outcome.ts';

/** Origin of the front end: browsers let a plain one speak to a plain store. */
export function appOriginFor(scheme: 'http' | 'https'): string {
  return APP.replace('https:', `${scheme}:`);
}

export const OTHER_ORIGIN = 'https://other.example';
