import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { anyBucket, ledgerOf, type Bucket } from '../../../test/support/fakes/arbitrary-stores.ts';
import { bucketId } from '../bucket/bucket-id.ts';
import { renderOutputs } from '../publication/outputs.ts';
import type { FoundBucket } from './found-bucket.ts';
import { readManifests } from './read-input.ts';

/** Buckets under names that a provider could accept; paths and keys are of any characters. */
const bucket = fc
  .tuple(anyBucket, fc.stringMatching(/^[a-z0-9][a-z0-9.-]{2,20}$/))
  .map(([{ storage, credential }, name]): Bucket => ({
    storage: { ...storage, name },
    ...(credential && { credential }),
  }));

function essenceOf({ storage, credential }: Bucket, path: string) {
  const user =
    credential?.kind === 'AccessKey'
      ? credential.accessKeyId
      : credential?.kind === 'ServiceAccountKey'
        ? credential.clientEmail
        : undefined;
  const secret =
    credential?.kind === 'AccessKey'
      ? credential.secretAccessKey
      : credential?.kind === 'ServiceAccountKey'
        ? credential.privateKey
        : credential?.accountKey;
  return [storage.provider, storage.name, path, user, secret?.reveal().replaceAll('\\n', '\n')];
}

function essenceOfFound({ provider, name, path, credential }: FoundBucket) {
  return [provider, name, path, credential?.user, credential?.secret?.reveal()];
}

it('what the operator publishes is imported as the same buckets with the same credentials, whatever is in the keys', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(bucket, { maxLength: 4, selector: ({ storage }) => bucketId(storage) }),
      bucket,
      (teams, instance) => {
        const { secret } = renderOutputs(ledgerOf(teams, { instance }), 'wandb-storage');
        const read = readManifests([{ kind: 'Secret', metadata: { name: 'x' }, stringData: secret }]);
        if (!read.ok) throw new Error(read.error);
        const { stores, instance: found } = read.value;
        expect(found && essenceOfFound(found)).toEqual(essenceOf(instance, instance.storage.path));
        expect(stores.map(essenceOfFound).sort()).toEqual(teams.map((team) => essenceOf(team, '')).sort());
      },
    ),
    atLeast(300),
  );
});
