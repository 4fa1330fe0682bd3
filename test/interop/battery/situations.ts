import { BROWSER_SITUATIONS } from './browsers.ts';
import { CREDENTIAL_SITUATIONS } from './credentials.ts';
import { GOOD_SITUATIONS } from './good-buckets.ts';
import { PROXY_SITUATIONS } from './proxies.ts';
import { SETTING_SITUATIONS } from './settings.ts';
import type { Situation } from './situation.ts';
import { TIME_SITUATIONS } from './time.ts';

/** The battery: every store is put through all of it, but for what it lacks. */
export const SITUATIONS: readonly Situation[] = [
  ...GOOD_SITUATIONS,
  ...CREDENTIAL_SITUATIONS,
  ...BROWSER_SITUATIONS,
  ...SETTING_SITUATIONS,
  ...TIME_SITUATIONS,
  ...PROXY_SITUATIONS,
];
