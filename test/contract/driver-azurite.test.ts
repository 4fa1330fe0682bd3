import { azuriteTarget } from '../servers/azurite.ts';
import { newContainer, sharedServers } from '../servers/shared.ts';
import { describeDriver } from './driver-contract.ts';

/** Azurite has one code for all that is wrong with a signature, and for none at all; Azure says more. */
const REFUSED = { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'AuthorizationFailure' } as const;

const azurite = () => sharedServers().azurite;
const OTHER_KEY = Buffer.alloc(64, 7).toString('base64');

describeDriver(
  'AzureBlob on a real Azurite',
  {
    bucket: async () => azuriteTarget(azurite(), await newContainer('contract')),
    elsewhere: ({ target }, url) => azuriteTarget({ ...azurite(), endpoint: `${url}/{account}` }, target.storage.name),
    stranger: ({ target }) => azuriteTarget(azurite(), target.storage.name, { accountKey: OTHER_KEY }),
    missing: () => azuriteTarget(azurite(), 'no-such-container'),
    secretsOf: () => [azurite().accountKey, OTHER_KEY],
  },
  {
    stranger: REFUSED,
    missing: { kind: 'BucketNotFound', httpStatus: 404, providerCode: 'ContainerNotFound' },
    existing: { kind: 'PreconditionFailed', httpStatus: 409, providerCode: 'BlobAlreadyExists' },
    absent: { kind: 'ObjectNotFound', httpStatus: 404, providerCode: 'BlobNotFound' },
    tampered: REFUSED,
    expired: REFUSED,
    anonymous: REFUSED,
  },
);
