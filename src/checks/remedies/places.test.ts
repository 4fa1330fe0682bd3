import { describe, expect, it } from '@jest/globals';
import {
  endpointFails,
  contextOf,
  listFails,
  minio,
  onAzureBlob,
  onGcs,
  onMinio,
  s3,
} from '../../../test/support/fakes/observations.ts';
import type { CheckContext } from '../check.ts';
import type { Observations } from '../../domain/observations/observations.ts';
import { judgeAll } from '../judge.ts';
const onCoreWeave = contextOf({
  storage: {
    provider: 'CoreWeave',
    name: 'acme-wandb',
    path: 'teams/omega',
    region: 'US-EAST-04A',
    credentials: s3.credentials,
  },
});
const onHosts = contextOf({ storage: { ...minio, addressing: 'VirtualHosted' } });
const withBundle = contextOf({ storage: { ...minio, caBundle: { kind: 'Secret', name: 'acme-ca', key: 'ca.pem' } } });

/** What is not well, as the status shows it. */
function report(seen: Observations, context: CheckContext): readonly string[] {
  return judgeAll(seen, context, { ignore: [] })
    .filter(({ result }) => result === 'Fail' || result === 'Warn')
    .flatMap(({ name, reason, message = '', remedy = '' }) => [`${name}: ${reason}`, message, remedy]);
}

describe('a bucket that is not where the spec says', () => {
  it.each<readonly [what: string, context: CheckContext, seen: Observations, ...says: string[]]>([
    [
      'no such bucket on an S3-compatible store',
      onMinio,
      listFails({ kind: 'BucketNotFound' }),
      'BucketExists: BucketNotFound',
      'There is no bucket omega-data at https://minio.acme.example:9000.',
      'Correct spec.bucket.name, or create the bucket: mc mb --region us-east-1 <alias>/omega-data',
    ],
    [
      'no such bucket on CoreWeave',
      onCoreWeave,
      listFails({ kind: 'BucketNotFound' }),
      'BucketExists: BucketNotFound',
      'There is no bucket acme-wandb at https://cwobject.com.',
      'Correct spec.bucket.name, or create the bucket: aws s3 mb s3://acme-wandb --endpoint-url https://cwobject.com --region US-EAST-04A',
    ],
    [
      'no such bucket on Google Cloud',
      onGcs,
      listFails({ kind: 'BucketNotFound' }),
      'BucketExists: BucketNotFound',
      'There is no bucket acme-wandb on Google Cloud Storage.',
      'Correct spec.bucket.name, or create the bucket: gcloud storage buckets create gs://acme-wandb --location=<location> --uniform-bucket-level-access',
    ],
    [
      'no such bucket on Azure',
      onAzureBlob,
      listFails({ kind: 'BucketNotFound' }),
      'BucketExists: BucketNotFound',
      'There is no container omega-data of storage account acmewandb.',
      'Correct spec.bucket.name, or create the bucket: az storage container create --account-name acmewandb --name omega-data',
    ],
    [
      'another region on an S3-compatible store',
      onMinio,
      listFails({ kind: 'WrongRegion' }),
      'RegionMatches: RegionMismatch',
      'The bucket omega-data at https://minio.acme.example:9000 is in another region than the spec says.',
      'Set spec.bucket.s3Compatible.region to the region of the bucket.',
    ],
    [
      'another region on CoreWeave',
      onCoreWeave,
      listFails({ kind: 'WrongRegion' }),
      'RegionMatches: RegionMismatch',
      'The bucket acme-wandb/teams/omega at https://cwobject.com is in another region than the spec says.',
      'Set spec.bucket.coreWeave.region to the region of the bucket.',
    ],
    [
      'a name that the store refuses on Google Cloud',
      onGcs,
      listFails({ kind: 'BucketNameInvalid' }),
      'NameValid: BucketNameInvalid',
      '"acme-wandb" cannot be the name of a bucket: the store refuses it.',
      'Correct spec.bucket.name to the exact name of the bucket, without scheme, host or path.',
    ],
    [
      'the other form of URLs on an S3-compatible store',
      onMinio,
      listFails({ kind: 'AddressingRefused' }),
      'BucketExists: AddressingRefused',
      'https://minio.acme.example:9000 does not look for bucket omega-data at https://minio.acme.example:9000 where the spec says that it stands in URLs.',
      'Set spec.bucket.s3Compatible.addressing to VirtualHosted, which needs a DNS record and a certificate for the bucket in the host.',
    ],
    [
      'the other form of URLs on a store with buckets in hosts',
      onHosts,
      listFails({ kind: 'AddressingRefused' }),
      'BucketExists: AddressingRefused',
      'https://minio.acme.example:9000 does not look for bucket omega-data at https://minio.acme.example:9000 where the spec says that it stands in URLs.',
      'Set spec.bucket.s3Compatible.addressing to Path, or give the store a domain for buckets (MinIO: MINIO_DOMAIN; Ceph RGW: rgw_dns_name).',
    ],
    [
      'an API that is off on Google Cloud',
      onGcs,
      listFails({ kind: 'ApiDisabled' }),
      'CanList: ApiDisabled',
      'Listing failed. The Cloud Storage API is off in the project of service account omega@acme.iam.gserviceaccount.com of Secret omega-bucket.',
      'gcloud services enable storage.googleapis.com --project=<project>',
    ],
    [
      'a rule about networks on an S3-compatible store',
      onMinio,
      listFails({ kind: 'NetworkDenied' }),
      'CanList: NetworkDenied',
      'Listing failed. A rule about networks keeps the operator from bucket omega-data at https://minio.acme.example:9000, whatever is granted.',
      'Look for rules of the store about networks, and let in the operator, the W&B server and those who use it.',
    ],
    [
      'a rule about networks on Google Cloud',
      onGcs,
      listFails({ kind: 'NetworkDenied' }),
      'CanList: NetworkDenied',
      'Listing failed. A rule about networks keeps the operator from bucket acme-wandb/teams/omega on Google Cloud Storage, whatever is granted.',
      'Look for a perimeter of VPC Service Controls around the project of the bucket (its audit log names the rule) and for an IP filter of the bucket (gcloud storage buckets describe gs://acme-wandb --format="json(ip_filter)"). Let in the operator, the W&B server and those who use it.',
    ],
    [
      'a rule about networks on Azure',
      onAzureBlob,
      listFails({ kind: 'NetworkDenied' }),
      'CanList: NetworkDenied',
      'Listing failed. A rule about networks keeps the operator from container omega-data of storage account acmewandb, whatever is granted.',
      'Look at the firewall of storage account acmewandb (az storage account network-rule list --account-name acmewandb), and let in the operator, the W&B server and those who use it.',
    ],
    [
      'a server of another kind on an S3-compatible store',
      onMinio,
      listFails({ kind: 'NotAnObjectStore' }),
      'BucketExists: NotAnObjectStore',
      'The server at https://minio.acme.example:9000 does not answer as the S3 API does: it is a console or another server.',
      'Correct spec.bucket.s3Compatible.endpoint: it must be the address of the S3 API (MinIO: port 9000, not that of the console).',
    ],
    [
      'a server of another kind on Google Cloud',
      onGcs,
      listFails({ kind: 'NotAnObjectStore' }),
      'BucketExists: NotAnObjectStore',
      'The server at https://storage.googleapis.com does not answer as the Cloud Storage API does: it is a console or another server.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at --gcs-endpoint of the operator: it must be the address of the Cloud Storage API.',
    ],
    [
      'a server of another kind on Azure',
      onAzureBlob,
      listFails({ kind: 'NotAnObjectStore' }),
      'BucketExists: NotAnObjectStore',
      'The server at https://acmewandb.blob.core.windows.net does not answer as the Blob service does: it is a console or another server.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at --azure-endpoint of the operator: it must be the address of the Blob service.',
    ],
    [
      'an unknown CA on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'TlsUntrusted' }),
      'TlsTrusted: TlsUntrusted',
      'The certificate of https://minio.acme.example:9000 does not end at a CA that the operator trusts.',
      'Set its CA: kubectl create configmap omega-data-ca -n wandb --from-file=ca.crt, then set spec.bucket.s3Compatible.caBundle.configMapKeyRef to {name: omega-data-ca, key: ca.crt}.',
    ],
    [
      'an unknown CA on CoreWeave',
      onCoreWeave,
      endpointFails({ kind: 'TlsUntrusted' }),
      'TlsTrusted: TlsUntrusted',
      'The certificate of https://cwobject.com does not end at a CA that the operator trusts.',
      'A proxy seems to decrypt TLS on the way to CoreWeave: add the host of the store to NO_PROXY of the operator, or set the CA of the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).',
    ],
    [
      'an unknown CA on Google Cloud',
      onGcs,
      endpointFails({ kind: 'TlsUntrusted' }),
      'TlsTrusted: TlsUntrusted',
      'The certificate of https://storage.googleapis.com does not end at a CA that the operator trusts.',
      'A proxy seems to decrypt TLS on the way to Google Cloud: add the host of the store to NO_PROXY of the operator, or set the CA of the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).',
    ],
    [
      'an unknown CA on Azure',
      onAzureBlob,
      endpointFails({ kind: 'TlsUntrusted' }),
      'TlsTrusted: TlsUntrusted',
      'The certificate of https://acmewandb.blob.core.windows.net does not end at a CA that the operator trusts.',
      'A proxy seems to decrypt TLS on the way to Azure: add the host of the store to NO_PROXY of the operator, or set the CA of the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).',
    ],
    [
      'an unknown CA on a store with a CA',
      withBundle,
      endpointFails({ kind: 'TlsUntrusted' }),
      'TlsTrusted: TlsUntrusted',
      'The certificate of https://minio.acme.example:9000 does not end at a CA that the operator trusts.',
      'Correct ca.pem of Secret acme-ca: it must hold, in PEM, a CA above the certificate of the store, or that certificate itself.',
    ],
    [
      'an address that is forbidden on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'EndpointForbidden' }),
      'EndpointAllowed: EndpointForbidden',
      'The policy of the operator does not allow connections to https://minio.acme.example:9000.',
      'Name another endpoint in spec.bucket.s3Compatible.endpoint, or ask the administrator of the operator to add this one to --allowed-endpoints. Metadata services, link-local and multicast addresses and the API server stay refused.',
    ],
    [
      'an address that is forbidden on Google Cloud',
      onGcs,
      endpointFails({ kind: 'EndpointForbidden' }),
      'EndpointAllowed: EndpointForbidden',
      'The policy of the operator does not allow connections to https://storage.googleapis.com.',
      'Ask the administrator of the operator to add storage.googleapis.com to --allowed-endpoints, or look why it has an address of this network. Metadata services, link-local and multicast addresses and the API server stay refused.',
    ],
    [
      'an unknown name on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'NameNotResolved' }),
      'EndpointReachable: EndpointNotResolved',
      'DNS has no record of the host of https://minio.acme.example:9000.',
      'Correct spec.bucket.s3Compatible.endpoint, or create the DNS record. If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).',
    ],
    [
      'an unknown name on CoreWeave',
      onCoreWeave,
      endpointFails({ kind: 'NameNotResolved' }),
      'EndpointReachable: EndpointNotResolved',
      'DNS has no record of the host of https://cwobject.com.',
      'Have the DNS of the cluster know cwobject.com; --coreweave-endpoint of the operator may name another host.',
    ],
    [
      'an unknown name on Azure',
      onAzureBlob,
      endpointFails({ kind: 'NameNotResolved' }),
      'EndpointReachable: EndpointNotResolved',
      'DNS has no record of the host of https://acmewandb.blob.core.windows.net.',
      'Correct spec.bucket.azureBlob.storageAccount, which is part of the name of the host. If it is right, have the DNS of the cluster know acmewandb.blob.core.windows.net.',
    ],
    [
      'a closed port on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'ConnectionRefused' }),
      'EndpointReachable: ConnectionRefused',
      'Nothing listens at https://minio.acme.example:9000: the connection was refused.',
      'Start the store, or correct host and port in spec.bucket.s3Compatible.endpoint.',
    ],
    [
      'another name in the certificate on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'TlsNameMismatch' }),
      'TlsTrusted: TlsNameMismatch',
      'The certificate of https://minio.acme.example:9000 was issued for another host: no subject alternative name covers this one.',
      'Name a host that is in the certificate in spec.bucket.s3Compatible.endpoint, or issue one with this host as subject alternative name (a common name does not count). If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).',
    ],
    [
      'no TLS on an S3-compatible store',
      onMinio,
      endpointFails({ kind: 'TlsHandshakeFailed' }),
      'TlsTrusted: TlsHandshakeFailed',
      'The server at https://minio.acme.example:9000 does not support TLS, or no version that the operator supports.',
      'Correct scheme (http or https) and port in spec.bucket.s3Compatible.endpoint; TLS 1.2 or newer is needed. If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).',
    ],
  ])('%s', (_what, context, seen, ...says) => {
    expect(report(seen, context)).toEqual(says);
  });
});
