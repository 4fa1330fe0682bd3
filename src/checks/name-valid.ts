import type { Check, CheckContext, Judgement } from './check.ts';
import { failed, passed, warned } from './judgement.ts';

/** Rules of S3 for the names of general-purpose buckets, each with what it says when broken. */
const RULES: readonly (readonly [(name: string) => boolean, string])[] = [
  [(name) => name.length >= 3 && name.length <= 63, 'it must have 3 to 63 characters'],
  [(name) => /^[a-z0-9.-]*$/.test(name), 'it may hold only lower-case letters, digits, dots and hyphens'],
  [(name) => /^[a-z0-9]/.test(name) && /[a-z0-9]$/.test(name), 'it must begin and end with a letter or a digit'],
  [(name) => !name.includes('..'), 'it must not hold two dots in a row'],
  [(name) => !/^\d+\.\d+\.\d+\.\d+$/.test(name), 'it must not look like an IP address'],
  [(name) => !/^(xn--|sthree-|amzn-s3-demo-)/.test(name), 'prefixes xn--, sthree- and amzn-s3-demo- are reserved'],
  [
    (name) => !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name),
    'suffixes -s3alias, --ol-s3, .mrap, --x-s3 and --table-s3 are those of other things than buckets',
  ],
];

/** The name is one that S3 stores take; told before anything is sent. */
export const nameValid: Check = {
  name: 'NameValid',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [],
  needs: [],
  judge: (observations, context) => {
    const { name } = context.storage;
    const broken = RULES.find(([holds]) => !holds(name));
    const refused = observations.list?.ok === false && observations.list.error.kind === 'BucketNameInvalid';
    if (broken !== undefined || refused) return invalid(name, broken?.[1] ?? 'the store refuses it');
    return name.includes('.') && isVirtualHostedTls(context) ? needsWildcard(name) : passed();
  },
};

function isVirtualHostedTls({ storage }: CheckContext): boolean {
  return storage.provider === 'S3' || (storage.addressing === 'VirtualHosted' && storage.endpoint.scheme === 'https');
}

function invalid(name: string, rule: string): Judgement {
  return failed(
    'BucketNameInvalid',
    `"${name}" cannot be the name of a bucket: ${rule}.`,
    'Correct spec.bucket.name to the exact name of the bucket, without scheme, host or path.',
  );
}

function needsWildcard(name: string): Judgement {
  return warned(
    'BucketNameNeedsWildcard',
    `The name ${name} holds a dot: as part of a host name no wildcard certificate covers it, and some clients refuse it.`,
    'Prefer a bucket without a dot in its name; an S3-compatible store can also be addressed by path (addressing: Path).',
  );
}
