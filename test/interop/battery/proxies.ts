import type { ProxySetting, Verdict } from '../stores/store.ts';
import type { Situation } from './situation.ts';

const ROWS: Readonly<Record<ProxySetting, string>> = {
  faithful: '',
  'host rewritten': 'a proxy that rewrites Host',
  'host without port': 'a proxy that leaves the port out of Host',
  'body limit': 'a proxy with a body limit of 1 MiB',
  'doubled CORS': 'a proxy that adds CORS headers to those of the store',
  'missing intermediate': 'a proxy that does not send its intermediate certificate',
  'refuses uploads': 'a firewall that answers uploads with 403 and a page',
};

/** What stands between the operator and the store, and changes what passes. */
export const PROXY_SITUATIONS: readonly Situation[] = [
  behind('host rewritten', ['Authenticated', 'SecretKeyWrong'], /proxy/i),
  behind('host without port', ['Authenticated', 'SecretKeyWrong'], /proxy/i),
  behind('body limit', ['PresignedUrls', 'BodyTooLarge'], /client_max_body_size/),
  behind('doubled CORS', ['CorsAllowsApp', 'CorsOriginNotAllowed'], /twice|both/i),
  behind('missing intermediate', ['TlsTrusted', 'TlsUntrusted'], /chain|intermediate/i),
  behind('refuses uploads', ['CanWrite', 'RequestRefused'], /proxy/i),
];

function behind(through: ProxySetting, verdict: Verdict, says: RegExp): Situation {
  return {
    id: ROWS[through],
    group: 'Proxies before the store',
    needs: ['a proxy'],
    verdict,
    says,
    prepare: (store, bucket) => Promise.resolve({ place: store.place(bucket, { through }) }),
  };
}
