/** Opens a container of Azure and lists it: an entry for the bundler, run as a program by a test. */
import type { AzuriteAddress } from '../servers/azurite.ts';
import { Secret } from '../../src/base/secret.ts';
import { PUBLIC_CLOUDS } from '../../src/domain/bucket/store-endpoint.ts';
import { createOpenBucket } from '../../src/drivers/registry.ts';
import { createAddressPolicy } from '../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../src/net/guarded-http.ts';

const [text = '{}', container = ''] = process.argv.slice(2);
const { endpoint, account, accountKey } = JSON.parse(text) as AzuriteAddress;
const net = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
});
const bucket = await createOpenBucket({ net, clouds: { ...PUBLIC_CLOUDS, azureBlob: endpoint } })({
  storage: {
    provider: 'AzureBlob',
    name: container,
    path: '',
    storageAccount: account,
    credentials: { kind: 'AccountKey', secretName: 'omega', key: 'AZURE_STORAGE_KEY' },
  },
  credential: { kind: 'AccountKey', accountKey: new Secret(accountKey) },
});
const signal = AbortSignal.timeout(20_000);
const created = await bucket.create('probe', Buffer.from('a body'), signal);
const listed = await bucket.list('', 1, signal);
console.log(JSON.stringify({ created: created.ok, keys: listed.ok ? listed.value.keys.map(({ key }) => key) : [] }));
await net.close();
