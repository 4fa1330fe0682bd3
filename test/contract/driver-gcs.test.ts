import { Secret } from '../../src/base/secret.ts';
import { createGcsAccount, createGcsBucket, gcsTarget, withForeignKey } from '../servers/gcs.ts';
import { sharedServers } from '../servers/shared.ts';
import { describeDriver, type Place } from './driver-contract.ts';

/** Key of somebody else, made with each bucket. */
let foreignKey = '';

function keyOf({ target }: Place): string {
  return target.credential.kind === 'ServiceAccountKey' ? target.credential.privateKey.reveal() : '';
}

describeDriver(
  'GCS on fake-gcs-server behind our gate',
  {
    async bucket() {
      const account = await createGcsAccount(sharedServers().gcs);
      foreignKey = (await withForeignKey(account)).privateKey;
      const bucket = await createGcsBucket(sharedServers().gcs, { account, prefix: 'contract' });
      return gcsTarget(sharedServers().gcs, { bucket, account });
    },
    elsewhere: ({ target, clouds }, url) => ({ target, clouds: { ...clouds, gcs: url } }),
    stranger: ({ target, clouds }) => {
      const credential = { ...target.credential, privateKey: new Secret(foreignKey) } as typeof target.credential;
      return { target: { ...target, credential }, clouds };
    },
    missing: ({ target, clouds }) => ({
      target: { ...target, storage: { ...target.storage, name: 'no-such-bucket' } },
      clouds,
    }),
    // Line by line: JSON breaks the lines of a PEM file in its own way.
    secretsOf: (place) => keyOf(place).split('\n').slice(1, -2),
  },
  {
    stranger: { kind: 'CredentialsInvalid', httpStatus: 401, providerCode: 'authError' },
    missing: { kind: 'BucketNotFound', httpStatus: 404, providerCode: 'notFound' },
    existing: { kind: 'PreconditionFailed', httpStatus: 412, providerCode: 'conditionNotMet' },
    absent: { kind: 'ObjectNotFound', httpStatus: 404 },
    tampered: { kind: 'SignatureMismatch', httpStatus: 403, providerCode: 'SignatureDoesNotMatch' },
    expired: { kind: 'CredentialsExpired', httpStatus: 400, providerCode: 'ExpiredToken' },
    anonymous: { kind: 'AccessDenied', httpStatus: 403, providerCode: 'AccessDenied' },
  },
);
