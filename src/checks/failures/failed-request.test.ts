import { describe, expect, it } from '@jest/globals';
import { contextOf, onMinio } from '../../../test/support/fakes/observations.ts';
import type { BucketFailure, BucketFailureKind } from '../../domain/observations/bucket-failure.ts';
import { failedBy } from './failure-table.ts';

const says = (failure: BucketFailure, context = contextOf()): readonly string[] => {
  const { message = '', remedy = '' } = failedBy(failure, context);
  return [message, remedy];
};
const onTheWay = (httpStatus?: number) =>
  failedBy({ kind: 'NotAnObjectStore', ...(httpStatus !== undefined && { httpStatus }) }, onMinio, 'Writing an object');

describe('a failed request to AWS', () => {
  it.each<readonly [kind: BucketFailureKind, message: string, remedy: string]>([
    [
      'EndpointForbidden',
      'The policy of the operator does not allow connections to https://s3.eu-central-1.amazonaws.com.',
      'Ask the administrator of the operator to add s3.eu-central-1.amazonaws.com to --allowed-endpoints, or look why it has an address of this network. Metadata services, link-local and multicast addresses and the API server stay refused.',
    ],
    [
      'NameNotResolved',
      'DNS has no record of the host of https://s3.eu-central-1.amazonaws.com.',
      'Correct spec.bucket.s3.region, which is part of the name of the host. If it is right, have the DNS of the cluster know s3.eu-central-1.amazonaws.com.',
    ],
    [
      'ResolverUnavailable',
      'DNS did not answer for https://s3.eu-central-1.amazonaws.com.',
      'Check the DNS of the cluster: kubectl -n kube-system get pods -l k8s-app=kube-dns',
    ],
    [
      'ConnectionRefused',
      'Nothing listens at https://s3.eu-central-1.amazonaws.com: the connection was refused.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at host and port in --aws-endpoint of the operator, where it is set.',
    ],
    [
      'ConnectionTimedOut',
      'The connection to https://s3.eu-central-1.amazonaws.com was not established in time.',
      'Allow the traffic from the operator in firewalls and NetworkPolicies: it is dropped on the way.',
    ],
    [
      'ConnectionReset',
      'The connection to https://s3.eu-central-1.amazonaws.com was cut before the answer was complete.',
      'Look at the store and at proxies before it; the probe is repeated by itself.',
    ],
    [
      'NetworkUnreachable',
      'There is no route to https://s3.eu-central-1.amazonaws.com.',
      'Check routes and NetworkPolicies between the operator and the store.',
    ],
    [
      'OutOfSockets',
      'The operator could not open a connection to https://s3.eu-central-1.amazonaws.com: it has reached a limit of its process or node for open files.',
      'Raise the limit of open files (ulimit -n) for containers on the node. The probe is repeated by itself.',
    ],
    [
      'TlsUntrusted',
      'The certificate of https://s3.eu-central-1.amazonaws.com does not end at a CA that the operator trusts.',
      'A proxy seems to decrypt TLS on the way to AWS: add the host of the store to NO_PROXY of the operator, or set the CA of the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).',
    ],
    [
      'TlsIssuerUnknown',
      'https://s3.eu-central-1.amazonaws.com did not send the certificate of the CA that issued its own, or of one further up, and the operator does not know it.',
      'Configure the store to send its whole chain: its own certificate, followed by all intermediate ones. If it does, the CA at the end is unknown. A proxy seems to decrypt TLS on the way to AWS: add the host of the store to NO_PROXY of the operator, or set the CA of the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).',
    ],
    [
      'TlsCertificateInvalid',
      'The certificate of https://s3.eu-central-1.amazonaws.com, or of a CA above it, breaks a rule that clients of W&B enforce.',
      'Issue a certificate for servers with a key of ECDSA or of RSA with 2048 bits or more and a signature with SHA-256 or better, not revoked, and within the limits that its CAs set.',
    ],
    [
      'TlsExpired',
      'The certificate of https://s3.eu-central-1.amazonaws.com has expired or is not valid yet.',
      'Renew the certificate of the store; if it is new, correct the clock of the node.',
    ],
    [
      'TlsNameMismatch',
      'The certificate of https://s3.eu-central-1.amazonaws.com was issued for another host: no subject alternative name covers this one.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at --aws-endpoint of the operator, where it is set. A certificate of your own needs this host as subject alternative name (a common name does not count).',
    ],
    [
      'TlsHandshakeFailed',
      'The server at https://s3.eu-central-1.amazonaws.com does not support TLS, or no version that the operator supports.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at scheme and port in --aws-endpoint of the operator, where it is set; TLS 1.2 or newer is needed.',
    ],
    [
      'ProxyRefused',
      'The HTTP proxy did not connect the operator to https://s3.eu-central-1.amazonaws.com.',
      'Allow the host and its port in the proxy, or add it to NO_PROXY of the operator.',
    ],
    [
      'DeadlineExceeded',
      'The bucket acme-wandb/teams/omega in eu-central-1 did not answer in time.',
      'Look for a slow store, proxy or network; the probe is repeated by itself.',
    ],
    [
      'ResponseTooLarge',
      'The answer of https://s3.eu-central-1.amazonaws.com is far too large for an object store.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at --aws-endpoint of the operator: it must be the address of the S3 API.',
    ],
    [
      'NotAnObjectStore',
      'The server at https://s3.eu-central-1.amazonaws.com does not answer as the S3 API does: it is a console or another server.',
      'Look for a proxy, a private endpoint or a DNS record that answers in place of the cloud, and at --aws-endpoint of the operator: it must be the address of the S3 API.',
    ],
    [
      'AccessKeyUnknown',
      'https://s3.eu-central-1.amazonaws.com does not know access key AKIA***MPLE of Secret omega-bucket.',
      'Correct ACCESS_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>"}}\'',
    ],
    [
      'SignatureMismatch',
      'https://s3.eu-central-1.amazonaws.com knows access key AKIA***MPLE of Secret omega-bucket, but the secret key does not belong to it.',
      'Correct SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'CredentialsInvalid',
      'https://s3.eu-central-1.amazonaws.com does not accept access key AKIA***MPLE of Secret omega-bucket: it was deleted or disabled, or its key is not that of the account.',
      'Correct ACCESS_KEY and SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>","SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'CredentialsExpired',
      'The access key AKIA***MPLE of Secret omega-bucket has expired.',
      'W&B needs a key that does not expire. Correct ACCESS_KEY and SECRET_KEY of Secret omega-bucket: kubectl patch secret omega-bucket -n wandb -p \'{"stringData":{"ACCESS_KEY":"<new value>","SECRET_KEY":"<new value>"}}\'',
    ],
    [
      'AccessDenied',
      'The bucket acme-wandb/teams/omega in eu-central-1 refused the request.',
      'Look up the code in the documentation of the store, and the request in its log.',
    ],
    [
      'ClockSkewed',
      'https://s3.eu-central-1.amazonaws.com refuses signatures because its clock and that of the operator differ too much.',
      'Synchronise the clocks of the nodes and of the store with NTP (chronyc tracking shows the offset).',
    ],
    [
      'BucketNotFound',
      'There is no bucket acme-wandb in eu-central-1.',
      'Correct spec.bucket.name, or create the bucket: aws s3 mb s3://acme-wandb --region eu-central-1',
    ],
    [
      'BucketNameInvalid',
      'The store does not accept the name of bucket acme-wandb in eu-central-1.',
      'Correct spec.bucket.name: 3 to 63 lower-case letters, digits, dots and hyphens.',
    ],
    [
      'WrongRegion',
      'The bucket acme-wandb/teams/omega in eu-central-1 is in another region than the spec says.',
      'Set spec.bucket.s3.region to the region of the bucket.',
    ],
    [
      'RequesterPays',
      'The bucket acme-wandb/teams/omega in eu-central-1 requires that the requester pays, which W&B and its pre-signed URLs do not offer.',
      'aws s3api put-bucket-request-payment --bucket acme-wandb --request-payment-configuration Payer=BucketOwner',
    ],
    [
      'ObjectArchived',
      'New objects of bucket acme-wandb/teams/omega in eu-central-1 are archived: they cannot be read before they are restored.',
      'Restore the objects (aws s3api restore-object) or copy them to STANDARD, and remove transitions to GLACIER and DEEP_ARCHIVE from the lifecycle rules: aws s3api get-bucket-lifecycle-configuration --bucket acme-wandb',
    ],
    [
      'ObjectRetained',
      'Retention or a hold keeps objects of bucket acme-wandb/teams/omega in eu-central-1 from being deleted.',
      'Remove the default retention (object lock may stay enabled): aws s3api put-object-lock-configuration --bucket acme-wandb --object-lock-configuration ObjectLockEnabled=Enabled. Existing objects keep their own dates.',
    ],
    [
      'ObjectNotFound',
      'The bucket acme-wandb/teams/omega in eu-central-1 refused the request.',
      'Look up the code in the documentation of the store, and the request in its log.',
    ],
    [
      'PreconditionFailed',
      'The bucket acme-wandb/teams/omega in eu-central-1 refused the request.',
      'Look up the code in the documentation of the store, and the request in its log.',
    ],
    [
      'BodyTooLarge',
      'A proxy before bucket acme-wandb/teams/omega in eu-central-1, or the store, refuses bodies of this length.',
      'W&B uploads files of up to 2 GiB in one request. Raise the limit of the proxy: client_max_body_size 0 (nginx), annotation nginx.ingress.kubernetes.io/proxy-body-size: "0" (ingress-nginx), maxRequestBodyBytes (Traefik), max_request_bytes (Envoy), LimitRequestBody 0 (Apache), a rule on req.body_size (HAProxy), or the limit of the firewall or CDN.',
    ],
    [
      'NotImplemented',
      'The store of bucket acme-wandb/teams/omega in eu-central-1 does not offer an operation that W&B needs.',
      'Upgrade the store, or use one that offers the operation.',
    ],
    [
      'RequestRefused',
      'The bucket acme-wandb/teams/omega in eu-central-1 refused the request.',
      'Look up the code in the documentation of the store, and the request in its log.',
    ],
    [
      'KmsKeyNotFound',
      'The KMS key for bucket acme-wandb/teams/omega in eu-central-1 does not exist.',
      'Correct the key in spec.bucket.s3.kmsKeyArn or in the encryption settings of the bucket; it must be in the region of the bucket (aws kms list-keys).',
    ],
    [
      'KmsKeyDisabled',
      'The KMS key with which bucket acme-wandb/teams/omega in eu-central-1 encrypts is disabled or about to be deleted.',
      'Enable the key: aws kms enable-key --key-id <key> (after aws kms cancel-key-deletion, if its deletion was scheduled).',
    ],
    [
      'KmsAccessDenied',
      'The owner of access key AKIA***MPLE of Secret omega-bucket may not use the KMS key with which bucket acme-wandb/teams/omega in eu-central-1 encrypts.',
      'Allow kms:GenerateDataKey*, kms:Encrypt, kms:Decrypt, kms:ReEncrypt* and kms:Describe* on the key, in the key policy and in the IAM policy of the owner.',
    ],
    [
      'KmsNotConfigured',
      'The bucket acme-wandb/teams/omega in eu-central-1 requires encryption with a key, and the store has no KMS, or none for this account.',
      'Use a store with a KMS, or remove the key from the spec and from the encryption settings of the bucket.',
    ],
    [
      'Throttled',
      'The store of bucket acme-wandb/teams/omega in eu-central-1 asks for fewer requests.',
      'No action is needed at first: the probe is repeated by itself. If it persists, raise the request limits of the store.',
    ],
    [
      'QuotaExceeded',
      'The bucket acme-wandb/teams/omega in eu-central-1 has no room left, or it or its account has reached a quota or cap.',
      'Raise the quota, limit or cap that the store names, or free space in the store.',
    ],
    [
      'ServiceUnavailable',
      'The store of bucket acme-wandb/teams/omega in eu-central-1 answered with a server error.',
      'Look at the health of the store; the probe is repeated by itself.',
    ],
  ])('of kind %s says what was found and what to do', (kind, message, remedy) => {
    expect(says({ kind })).toEqual([message, remedy]);
  });
});

describe('an answer that is not of the store', () => {
  it.each<readonly [httpStatus: number | undefined, verdict: ReturnType<typeof onTheWay>]>([
    [
      undefined,
      {
        result: 'Fail',
        reason: 'NotAnObjectStore',
        message:
          'Writing an object failed. The store at https://minio.acme.example:9000 answered before, and this answer is that of a proxy, firewall or gateway on the way.',
        remedy:
          'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
      },
    ],
    [
      200,
      {
        result: 'Fail',
        reason: 'NotAnObjectStore',
        message:
          'Writing an object failed. The store at https://minio.acme.example:9000 answered before, and this answer is that of a proxy, firewall or gateway on the way (200).',
        remedy:
          'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
      },
    ],
    [
      399,
      {
        result: 'Fail',
        reason: 'NotAnObjectStore',
        message:
          'Writing an object failed. The store at https://minio.acme.example:9000 answered before, and this answer is that of a proxy, firewall or gateway on the way (399).',
        remedy:
          'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
      },
    ],
    [
      400,
      {
        result: 'Fail',
        reason: 'RequestRefused',
        message:
          'Writing an object failed. The store at https://minio.acme.example:9000 answered before, and this answer is that of a proxy, firewall or gateway on the way (400).',
        remedy:
          'Look at what stands before the store: rules of a firewall (WAF), the methods and lengths that a proxy lets through, login pages, and headers such as ETag that it takes away.',
      },
    ],
  ])('comes from the way to it, once the store has answered: status %s', (httpStatus, verdict) => {
    expect(onTheWay(httpStatus)).toEqual(verdict);
  });
});
