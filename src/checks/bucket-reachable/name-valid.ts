import { NAME_RULES } from './bucket-name-rules.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, warned } from '../judgement.ts';

/** The name is one that the provider takes; told before anything is sent. */
export const nameValid = defineCheck({
  name: 'NameValid',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [],
  needs: [],
  reasons: {
    BucketNameInvalid: {
      result: 'Fail',
      class: 'spec',
      meaning: 'No S3 store takes a bucket of this name; the message says which rule it breaks.',
      remedy: 'Correct spec.bucket.name.',
      codes: ['InvalidBucketName'],
      proof: 'scripted server',
    },
    BucketNameNeedsWildcard: {
      result: 'Warn',
      meaning:
        'The name holds a dot, which no wildcard certificate covers as part of a host: with TLS the bucket is addressed by path instead.',
      remedy: 'Use a bucket without a dot, or path addressing.',
      codes: [],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const { name, provider } = context.storage;
    const broken = NAME_RULES[provider].find(([holds]) => !holds(name));
    const refused = observations.list?.ok === false && observations.list.error.kind === 'BucketNameInvalid';
    if (broken !== undefined || refused) return invalid(name, broken?.[1] ?? 'the store refuses it');
    return name.includes('.') && isVirtualHostedTls(context) ? needsWildcard(name) : passed();
  },
});

function isVirtualHostedTls({ storage }: CheckContext): boolean {
  if (storage.provider === 'S3' || storage.provider === 'CoreWeave') return true;
  return (
    storage.provider === 'S3Compatible' && storage.addressing === 'VirtualHosted' && storage.endpoint.scheme === 'https'
  );
}

function invalid(name: string, rule: string): Judgement<'BucketNameInvalid'> {
  return failed(
    'BucketNameInvalid',
    `"${name}" cannot be the name of a bucket: ${rule}.`,
    'Correct spec.bucket.name to the exact name of the bucket, without scheme, host or path.',
  );
}

function needsWildcard(name: string): Judgement<'BucketNameNeedsWildcard'> {
  return warned(
    'BucketNameNeedsWildcard',
    `The name ${name} holds a dot: no wildcard certificate covers it as part of a host, so it is addressed by path, which not every client and store does.`,
    'Prefer a bucket without a dot in its name; an S3-compatible store can also be addressed by path (addressing: Path).',
  );
}
