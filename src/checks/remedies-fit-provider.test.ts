import { describe, expect, it } from '@jest/globals';
import { schemaOf, type Schema } from '../../test/crds/crd-files.ts';
import { CONTEXTS, statuses, textOf } from '../../test/support/fakes/every-fault.ts';
import { PROVIDERS } from '../domain/bucket/providers.ts';
import type { BucketStorage } from '../domain/bucket/storage.ts';

/** Whether the CRD has a field. */
function hasField(schema: Schema | undefined, path: readonly string[]): boolean {
  const [first, ...rest] = path;
  return schema !== undefined && (first === undefined || hasField(schema.properties?.[first], rest));
}

/** What belongs to one provider, or to some: a message for another provider must not name it. */
const OWN_WORDS: readonly (readonly [RegExp, readonly BucketStorage['provider'][]])[] = [
  [/\baws (s3api|s3|iam|kms|sts)\b/, ['S3', 'CoreWeave']],
  [/\bmc [a-z]+ /, ['S3Compatible']],
  [/\b(gcloud|gsutil)\b/, ['GCS']],
  [/\baz (storage|role|identity|keyvault|ad)\b/, ['AzureBlob']],
  [/\b(s3|kms):[A-Z][A-Za-z]+/, ['S3', 'S3Compatible', 'CoreWeave']],
  [/\bstorage\.(objects|buckets)\.[a-z]+|\broles\/storage\./, ['GCS']],
  [/\bStorage Blob /, ['AzureBlob']],
  [/--aws(-sts)?-endpoint/, ['S3']],
  [/--gc[sp](-sts|-iam)?-endpoint/, ['GCS']],
  [/--azure(-login)?-endpoint/, ['AzureBlob']],
  [/--coreweave-endpoint/, ['CoreWeave']],
];

describe.each(CONTEXTS)('all texts for %s', (_, context, signIn) => {
  const { provider } = context.storage;
  const all = statuses(context, signIn);
  const texts = [...new Set(all.flat().map(textOf))];

  it('name only fields that the spec of this provider has', () => {
    const { member } = PROVIDERS[provider];
    const others = Object.values(PROVIDERS).flatMap((one) => (one.member === member ? [] : [one.member]));
    const fields = texts.flatMap((text) => text.match(/\bspec(\.[a-z][A-Za-z0-9]*)+/g) ?? []);
    expect(fields.length).toBeGreaterThan(0);
    const schema = schemaOf('TeamStorage');
    const instance = schemaOf('InstanceStorage');
    const wrong = fields.filter((field) => {
      const path = field.split('.');
      const isKnown = hasField(schema, path) || hasField(instance, path);
      return !isKnown || (path[1] === 'bucket' && others.includes(path[2] as never));
    });
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('name only commands, permissions and flags of this provider', () => {
    const foreign = texts.flatMap((text) =>
      OWN_WORDS.filter(([messages, of]) => messages.test(text) && !of.includes(provider)).map(([messages]) => [
        messages.source,
        text,
      ]),
    );
    expect(foreign).toEqual([]);
  });

  it('never call a permission one that W&B does not need, and one that it needs', () => {
    for (const results of all) {
      const spare = results.flatMap(({ message = '' }) =>
        [...message.matchAll(/([\w.:-]+), which W&B does not need/g)].map(([, permission]) => permission),
      );
      const needed = results.filter(({ reason }) => reason === 'GrantIncomplete').map(textOf);
      const contradicted = spare.filter((permission) => needed.some((text) => text.includes(permission ?? '')));
      expect(contradicted).toEqual([]);
    }
  });

  it('never call a deletion good and objects retained, nor a bucket both unreachable and usable', () => {
    for (const results of all) {
      const of = (name: string): string => results.find((result) => result.name === name)?.result ?? '';
      if (of('ObjectsDeletable') === 'Fail') expect(of('CanDelete')).not.toBe('Pass');
      if (of('Authenticated') === 'Fail') expect([of('CanWrite'), of('CanRead')]).not.toContain('Pass');
    }
  });
});
