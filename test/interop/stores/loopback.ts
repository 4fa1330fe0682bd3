import { createAddressPolicy } from '../../../src/net/address-policy.ts';
import { createGuardedHttp } from '../../../src/net/guarded-http.ts';

/** The names of the stores lead to loopback, as a resolver of a cluster would lead to the store. */
export const loopback = createGuardedHttp({
  policy: createAddressPolicy({ allowedEndpoints: ['127.0.0.0/8'], deniedCidrs: [], apiServerAddresses: [] }),
  proxy: {},
  resolve: () => Promise.resolve(['127.0.0.1']),
});
