import { NAME_RULES } from './bucket-name-rules.ts';
import { defineCheck, type CheckContext, type Judgement } from '../check.ts';
import { failed, passed, warned } from '../judgement.ts';

/** The provider accepts the name; decided before anything is sent. */
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
      meaning: 'The provider does not accept this name for a bucket; the message has the rule.',
      remedy: 'Correct spec.bucket.name.',
      codes: ['InvalidBucketName'],
      proof: 'scripted server',
    },
    BucketNameNeedsWildcard: {
      result: 'Warn',
      meaning:
        'The name contains a dot, and the bucket is part of the host name over TLS: a wildcard certificate does not cover it.',
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
    `The name ${name} contains a dot: as part of a host name no wildcard certificate covers it, and some clients refuse it.`,
    'Prefer a bucket without a dot in its name; an S3-compatible store can also be addressed by path (addressing: Path).',
  );
}
