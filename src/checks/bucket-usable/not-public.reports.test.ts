import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../base/result.ts';
import {
  contextOf,
  goodObservations,
  onAzureBlob,
  onCoreWeave,
  onGcs,
  onMinio,
} from '../../../test/support/fakes/observations.ts';
import { reportOf } from '../../../test/support/fakes/reports.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
const open = ok({ httpStatus: 200, disclosed: true });
const shut = ok({ httpStatus: 403, disclosed: false });
const behindProxy = ok({ tls: true, route: 'proxy.acme.example:3128' });

describe('what unsigned requests show', () => {
  it.each<readonly [what: string, seen: Observations, context: CheckContext, ...says: string[]]>([
    [
      'an open bucket of AWS at a public address',
      goodObservations({ anonymous: { get: open, list: shut } }),
      contextOf(),
      'NotPublic: BucketPublic',
      'Everyone can read objects of bucket acme-wandb/teams/omega in eu-central-1 without a signature, as seen from the operator at a public address of the store.',
      'Remove public access: take the statements for Principal "*" out of the bucket policy (aws s3api get-bucket-policy --bucket acme-wandb) and grants to AllUsers out of the ACLs (aws s3api get-bucket-acl --bucket acme-wandb). Blocking public access as a whole (RestrictPublicBuckets) shuts out roles of other accounts that such a policy names, W&B\'s among them.',
    ],
    [
      'an open bucket of an S3-compatible store at a private address',
      goodObservations({
        anonymous: { get: shut, list: open },
        endpoint: ok({ tls: true, route: 'direct', isPublic: false }),
      }),
      onMinio,
      'NotPublic: BucketPublic',
      'Everyone can list bucket omega-data at https://minio.acme.example:9000 without a signature, as seen from the operator at a private address of the store.',
      'Remove public access: take out of the bucket policy the statements that allow Principal "*", and of its ACL the grants to all users, and keep what is for W&B (MinIO: mc anonymous get-json <alias>/omega-data, then mc anonymous set-json with what is to stay)',
      'EndpointPublic: EndpointNotPublic',
      'The store at https://minio.acme.example:9000 has a private address: browsers and clients outside its network cannot use the pre-signed URLs of W&B.',
      'Make sure that they are in this network, or use an address of the store that they can reach; or let the server proxy file traffic and set spec.deployment.proxiesFileStore of the InstanceStorage.',
      'TlsExpiry: NotObserved',
      'No certificate was seen.',
    ],
    [
      'an open bucket of CoreWeave through a proxy',
      goodObservations({ anonymous: { get: open, list: open }, endpoint: behindProxy }),
      onCoreWeave,
      'NotPublic: BucketPublic',
      'Everyone can read objects of and list bucket acme-wandb/teams/omega at https://cwobject.com without a signature, as seen from the operator through proxy proxy.acme.example:3128.',
      'Remove public access: take out of the bucket policy the statements that allow Principal "*", and keep those for W&B: aws s3api get-bucket-policy --endpoint-url https://cwobject.com --bucket acme-wandb --query Policy --output text > policy.json, then put-bucket-policy with what is to stay',
      'TlsExpiry: NotObserved',
      'No certificate was seen.',
    ],
    [
      'an open bucket of Google Cloud at an unknown address',
      goodObservations({ anonymous: { get: open, list: open }, endpoint: ok({ tls: true, route: 'direct' }) }),
      onGcs,
      'NotPublic: BucketPublic',
      'Everyone can read objects of and list bucket acme-wandb/teams/omega on Google Cloud Storage without a signature, as seen from the operator.',
      'Remove public access: gcloud storage buckets update gs://acme-wandb --public-access-prevention',
      'TlsExpiry: NotObserved',
      'No certificate was seen.',
    ],
    [
      'an open bucket of AWS behind something else',
      goodObservations({ anonymous: { get: open, list: open }, endpoint: err({ kind: 'NotAnObjectStore' }) }),
      contextOf(),
      'NotPublic: BucketPublic',
      'Everyone can read objects of and list bucket acme-wandb/teams/omega in eu-central-1 without a signature, as seen from the operator.',
      'Remove public access: take the statements for Principal "*" out of the bucket policy (aws s3api get-bucket-policy --bucket acme-wandb) and grants to AllUsers out of the ACLs (aws s3api get-bucket-acl --bucket acme-wandb). Blocking public access as a whole (RestrictPublicBuckets) shuts out roles of other accounts that such a policy names, W&B\'s among them.',
      'EndpointPublic: NotObserved',
      'The store did not answer.',
      'TlsExpiry: NotObserved',
      'No certificate was seen.',
    ],
    [
      'an open container of Azure',
      goodObservations({ anonymous: { get: open, list: open, rules: ok({ isPublic: true }) } }),
      onAzureBlob,
      'NotPublic: BucketPublic',
      'Everyone can read objects of and list container omega-data of storage account acmewandb without a signature, as seen from the operator at a public address of the store.',
      'Remove public access: az storage container set-permission --account-name acmewandb --name omega-data --public-access off',
    ],
    [
      'a bucket that is open to one network',
      goodObservations({ anonymous: { get: open, list: shut, rules: ok({ isPublic: false }) } }),
      contextOf(),
      'NotPublic: PublicWithinNetwork',
      'Every client in the network of the operator can read objects of bucket acme-wandb/teams/omega in eu-central-1 without a signature. The store reports that it is not public for other networks.',
      'Make sure that everybody in that network may read the files of W&B, or take the statement for that network out of the bucket policy.',
    ],
    [
      'nothing, where a redirect refuses',
      goodObservations({ anonymous: { get: ok({ httpStatus: 300, disclosed: false }), list: shut } }),
      contextOf(),
    ],
    [
      'nothing sure, where the store has trouble',
      goodObservations({ anonymous: { get: ok({ httpStatus: 503, disclosed: false }), list: shut } }),
      contextOf(),
      'NotPublic: NotObserved',
      'The unsigned requests were not all refused, so nothing shows that the bucket is private.',
    ],
    [
      'nothing sure without a listing',
      goodObservations({ anonymous: { get: shut } }),
      contextOf(),
      'NotPublic: NotObserved',
      'The unsigned requests were not all refused, so nothing shows that the bucket is private.',
    ],
  ])('%s', (_what, seen, context, ...says) => {
    expect(reportOf(seen, context)).toEqual(says);
  });
});
