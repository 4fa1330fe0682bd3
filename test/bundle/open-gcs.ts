/** Opens a bucket of GCS, lists it and signs for it: an entry for the bundler, run as a program by a test. */
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';

const [endpoint = '', name = '', keyFile = '{}'] = process.argv.slice(2);
const { client_email: clientEmail, private_key: privateKey } = JSON.parse(keyFile) as Record<string, string>;
const net = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
});
const bucket = await createOpenBucket({ net, clouds: { ...PUBLIC_CLOUDS, gcs: endpoint } })({
  storage: {
    provider: 'GCS',
    name,
    path: '',
    credentials: { kind: 'ServiceAccountKey', secretName: 'omega', key: 'key.json' },
  },
  credential: {
    kind: 'ServiceAccountKey',
    clientEmail: clientEmail ?? '',
    privateKey: new Secret(privateKey ?? ''),
  },
});
const signal = AbortSignal.timeout(20_000);
const created = await bucket.create('probe', Buffer.from('a body'), signal);
const listed = await bucket.list('', 1, signal);
const signed = await bucket.presign(
  { method: 'HEAD', key: 'probe', expiresInSeconds: 60 },
  AbortSignal.timeout(20_000),
);
const head = signed.ok ? await net.http.send(signed.value, signal) : signed;
const keys = listed.ok ? listed.value.keys.map(({ key }) => key) : [];
console.log(JSON.stringify({ created: created.ok, keys, head: head.ok ? head.value.status : head.error.kind }));
await net.close();
