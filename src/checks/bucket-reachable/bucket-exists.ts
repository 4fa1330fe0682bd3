import { authenticated } from './authenticated.ts';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { bareHost } from '../../base/bare-host.ts';
import { SHARED_REASONS } from '../shared-reasons.ts';
import { defineCheck, type CheckContext } from '../check.ts';
import { failedBy } from '../failures/failure-table.ts';
import { failed, passed, unknown } from '../judgement.ts';
import { listFailure } from '../../domain/observations/seen-failures.ts';
import { messagesOf } from '../remedies/messages-of.ts';
import { otherAddress } from '../remedies/messages.ts';
import { codeOf } from '../wording.ts';

/** There is a bucket of this name, and an object store answers for it. */
export const bucketExists = defineCheck({
  name: 'BucketExists',
  gate: 'BucketReachable',
  required: true,
  ignorable: false,
  prerequisites: [authenticated],
  needs: ['list'],
  reasons: {
    BucketNotFound: {
      result: 'Fail',
      class: 'external',
      meaning: 'The store has no bucket of this name.',
      remedy: 'Create the bucket, or correct spec.bucket.name.',
      codes: ['NoSuchBucket'],
      proof: 'emulator',
    },
    HiddenByStore: SHARED_REASONS.HiddenByStore,
    AddressingRefused: {
      result: 'Fail',
      class: 'spec',
      meaning:
        'The store accepts the bucket only in the host of a URL, or only in its path, and the spec sets the other.',
      remedy: 'Set spec.bucket.s3Compatible.addressing to the other value.',
      codes: ['SecondLevelDomainForbidden', '200 with a list of all buckets'],
      proof: 'scripted server',
    },
    EndpointHoldsBucket: {
      result: 'Fail',
      class: 'spec',
      meaning:
        'The endpoint belongs to one bucket, so the store reads the name of the bucket as the name of an object.',
      remedy: 'Name the endpoint of the store, without the bucket in the host.',
      codes: ['NoSuchKey for a listing'],
      proof: 'scripted server',
    },
    EndpointMismatch: {
      result: 'Fail',
      class: 'spec',
      meaning: 'The store sends requests for this bucket to another endpoint, and pre-signed URLs follow no redirect.',
      remedy: 'Name the endpoint that the message shows.',
      codes: ['PermanentRedirect with an Endpoint', '301 from http to https'],
      proof: 'scripted server',
    },
  },
  judge: (observations, context) => {
    const failure = listFailure(observations);
    if (failure === undefined) return passed();
    const elsewhere = endpointProblem(failure, context);
    if (elsewhere !== undefined) return elsewhere;
    switch (failure.kind) {
      case 'RequesterPays':
        return passed();
      case 'BucketNotFound':
      case 'NotAnObjectStore':
      case 'ResponseTooLarge':
      case 'AddressingRefused':
        return failedBy(failure, context);
      case 'WrongRegion':
      case 'AccessDenied':
        // AWS answers NoSuchBucket before it checks permissions, so AccessDenied means that the bucket exists.
        return context.storage.provider === 'S3'
          ? passed('It exists, in this or another account.')
          : unknown(
              'HiddenByStore',
              `The store does not say whether there is a ${messagesOf(context).bucket}${codeOf(failure)}.`,
            );
      default:
        return unknown('NotObserved', `The store answered before it looked for the bucket${codeOf(failure)}.`);
    }
  },
});

/** The endpoint of the spec is not the one for the bucket; of a cloud it follows from the region. */
function endpointProblem(failure: BucketFailure, context: CheckContext) {
  const { storage } = context;
  if (storage.provider !== 'S3Compatible') return undefined;
  const messages = messagesOf(context);
  if (failure.kind === 'ObjectNotFound' && failure.providerCode === 'NoSuchKey') {
    return failed(
      'EndpointHoldsBucket',
      `${messages.url} takes ${storage.name} for the name of an object${codeOf(failure)}: the endpoint is that of one bucket.`,
      `Set ${messages.endpointField} to the address of the store, without the bucket in its host.${otherAddress(messages)}`,
    );
  }
  const target = redirectTarget(failure, context);
  if (target === undefined) return undefined;
  return failed(
    'EndpointMismatch',
    `${messages.url} sends requests for ${messages.wholeBucket} to ${target}${codeOf(failure)}, and pre-signed URLs follow no redirect.`,
    `Set ${messages.endpointField} to ${target}.${otherAddress(messages)}`,
  );
}

/** Where the store itself sends us; a login page at another host is no endpoint. */
function redirectTarget({ kind, endpoint }: BucketFailure, { storage, endpointUrl }: CheckContext): string | undefined {
  if (endpoint === undefined) return undefined;
  const target = new URL(endpoint);
  const host = target.host.startsWith(`${storage.name}.`) ? target.host.slice(storage.name.length + 1) : target.host;
  const origin = `${target.protocol}//${host}`;
  if (origin === endpointUrl) return undefined;
  const isSameHost = bareHost(new URL(origin).hostname) === bareHost(new URL(endpointUrl).hostname);
  return kind === 'WrongRegion' || (kind === 'NotAnObjectStore' && isSameHost) ? origin : undefined;
}
