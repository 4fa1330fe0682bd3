import type { CORSRule } from '@aws-sdk/client-s3';
import { corsFor } from '../stores/s3-store.ts';
import type { Feature, Store } from '../stores/store.ts';

/** A CORS setting of a bucket. The browser says what it allows. */
export interface CorsSetting {
  /** Unique; the row of the table. */
  readonly id: string;
  readonly needs: readonly Feature[];
  apply(store: Store, bucket: string): Promise<void>;
}

const READS = ['GET', 'HEAD'];
const ALL = [...READS, 'PUT'];

/** Settings that a bucket may have, for a front end of this origin. */
export function corsSettingsFor(app: string): readonly CorsSetting[] {
  const other = 'https://other.example';
  const { protocol, host } = new URL(app);
  const [, domain = ''] = host.split(/\.(.*)/);
  const rule = corsFor([app]);
  const hidden: CORSRule = { ...rule, ExposeHeaders: undefined };
  const bare: CORSRule = { ...rule, AllowedHeaders: undefined };
  return [
    ofOrigins('the documented rule', app),
    { ...ofOrigins('no rule'), needs: ['CORS off'] },
    ofOrigins('every origin', '*'),
    ofOrigins('another origin', other),
    ofOrigins('another origin and this one', other, app),
    ofOrigins('a wildcard for a part of the name', `${protocol}//*.${domain}`),
    ofOrigins('a wildcard for another name', `${protocol}//*.other.example`),
    ofOrigins('the other scheme', app.replace(protocol, protocol === 'http:' ? 'https:' : 'http:')),
    ofOrigins('another port', `${app}:8443`),
    ofOrigins('a slash after the origin', `${app}/`),
    ofOrigins('the origin in upper case', app.toUpperCase()),
    ofOrigins('the name without a scheme', host),
    ofRules('no PUT', { ...rule, AllowedMethods: READS }),
    ofRules('no HEAD', { ...rule, AllowedMethods: ['GET', 'PUT'] }),
    ofRules('no GET', { ...rule, AllowedMethods: ['HEAD', 'PUT'] }),
    ofRules('PUT alone', { ...rule, AllowedMethods: ['PUT'] }),
    ofRules('further methods', { ...rule, AllowedMethods: [...ALL, 'POST', 'DELETE'] }),
    ofRules('no header', bare),
    ofRules('headers by name', { ...rule, AllowedHeaders: ['content-md5', 'content-type', 'x-amz-meta-md5'] }),
    ofRules('headers by name, in mixed case', {
      ...rule,
      AllowedHeaders: ['Content-MD5', 'Content-Type', 'X-Amz-Meta-Md5'],
    }),
    ofRules('headers by parts of their names', { ...rule, AllowedHeaders: ['content-*', 'x-amz-*'] }),
    ofRules('headers without a checksum', { ...rule, AllowedHeaders: ['content-type'] }),
    ofRules('ETag not exposed', hidden),
    ofRules('other headers exposed', { ...rule, ExposeHeaders: ['x-amz-request-id'] }),
    ofRules('ETag exposed in lower case', { ...rule, ExposeHeaders: ['x-amz-request-id', 'etag'] }),
    ofRules('ETag exposed to reads only', { ...rule, AllowedMethods: READS }, { ...hidden, AllowedMethods: ['PUT'] }),
    ofRules('ETag exposed to uploads only', { ...rule, AllowedMethods: ['PUT'] }, { ...hidden, AllowedMethods: READS }),
    ofRules('a rule for each method', ...ALL.map((method) => ({ ...rule, AllowedMethods: [method] }))),
    ofRules(
      'headers in the second rule that fits',
      { ...bare, AllowedMethods: ALL, AllowedHeaders: ['content-type'] },
      rule,
    ),
  ];
}

function ofOrigins(id: string, ...origins: readonly string[]): CorsSetting {
  return { id, needs: ['CORS for an origin'], apply: (store, bucket) => store.allowOrigins(bucket, origins) };
}

function ofRules(id: string, ...rules: readonly CORSRule[]): CorsSetting {
  return { id, needs: ['CORS rules'], apply: (store, bucket) => store.setCors(bucket, rules) };
}
