import type {
  AwsIdentityRef,
  AzureWorkloadIdentityRef,
  GcpWorkloadIdentityRef,
  IdentityRef,
  SignInRef,
  WebIdentityRef,
} from '../credentials/refs.ts';
import {
  parseAccessKey,
  parseAccountKey,
  parseServiceAccountKey,
  parseServiceAccountRef,
} from './parse-credentials.ts';
import type { Problem } from '../conditions/problem.ts';
import { ok, type Result } from '../../base/result.ts';
import type { AccessKeyRef, AccountKeyRef, Ambient, KeyRef, ServiceAccountKeyRef } from '../credentials/refs.ts';
import { PROVIDERS } from '../bucket/providers.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import { asJsonObject, invalidSpec, optionalText, own, type JsonObject, type TextForm } from './json.ts';

type Parsed<T> = Result<T, Problem>;

/** The declared sign-in of W&B: a key to publish, or an identity that is never published. */
export interface Declared<K extends KeyRef, I extends IdentityRef> {
  readonly credentials: K | Ambient;
  readonly actAs?: I;
}

const AMBIENT: Ambient = { kind: 'Ambient' };
const ROLE_ARN: TextForm = {
  pattern: /^arn:aws[a-z-]{0,20}:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_/-]{1,1900}$/,
  expected: 'the ARN of a role, such as arn:aws:iam::123456789012:role/wandb',
};
const EXTERNAL_ID: TextForm = {
  pattern: /^[A-Za-z0-9+=,.@:/_-]{2,1224}$/,
  expected: 'an external id as the trust policy has it: 2 to 1224 letters, digits and + = , . @ : / _ -',
};
/** It becomes the audience of tokens, so it must not be one that the API server or another cloud accepts. */
const GCP_AUDIENCE: TextForm = {
  pattern: /^\/\/iam\.googleapis\.com\/[A-Za-z0-9/_.-]{1,480}$/,
  expected: 'the full name of a workload identity provider, beginning with //iam.googleapis.com/',
};
const GCP_EMAIL: TextForm = {
  pattern: /^[a-z0-9.-]{1,128}@[a-z0-9.-]{1,125}$/,
  expected: 'the e-mail address of a Google service account',
};
const UUID: TextForm = {
  pattern: /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
  expected: 'a UUID of 36 characters',
};

/** Parses `spec.bucket.s3.credentials`, or the same at another path. */
export function parseAwsSignIn(value: unknown, field: string): Parsed<Declared<AccessKeyRef, AwsIdentityRef>> {
  const bag = membersOf(value, field, ['accessKey', 'webIdentity'], ['assumeRole']);
  if (!bag.ok) return bag;
  if (bag.value === undefined) return ok({ credentials: AMBIENT });
  const from = Object.hasOwn(bag.value, 'accessKey')
    ? parseAccessKey(bag.value['accessKey'], `${field}.accessKey`)
    : parseWebIdentity(asJsonObject(bag.value['webIdentity']), `${field}.webIdentity`);
  if (!from.ok) return from;
  const role = own(bag.value, 'assumeRole');
  if (role !== undefined) return parseAssumeRole(asJsonObject(role), `${field}.assumeRole`, from.value);
  return ok(
    from.value.kind === 'AccessKey' ? { credentials: from.value } : { credentials: AMBIENT, actAs: from.value },
  );
}

function parseWebIdentity(bag: JsonObject | undefined, field: string): Parsed<WebIdentityRef> {
  const serviceAccount = parseServiceAccountRef(bag, field);
  if (!serviceAccount.ok) return serviceAccount;
  const roleArn = requiredText(bag, 'roleArn', field, ROLE_ARN);
  return roleArn.ok
    ? ok({ kind: 'WebIdentity', serviceAccount: serviceAccount.value, roleArn: roleArn.value })
    : roleArn;
}

function parseAssumeRole(
  bag: JsonObject | undefined,
  field: string,
  from: AccessKeyRef | WebIdentityRef,
): Parsed<Declared<AccessKeyRef, AwsIdentityRef>> {
  const roleArn = requiredText(bag, 'roleArn', field, ROLE_ARN);
  if (!roleArn.ok) return roleArn;
  const externalId = optionalText(bag, 'externalId', field, EXTERNAL_ID);
  if (!externalId.ok) return externalId;
  const given = externalId.value === undefined ? {} : { externalId: externalId.value };
  return ok({ credentials: AMBIENT, actAs: { kind: 'AssumedRole', from, roleArn: roleArn.value, ...given } });
}

/** For S3 stores that are not AWS: they support keys only. */
export function parseKeyOnly(value: unknown, field: string): Parsed<{ readonly credentials: AccessKeyRef | Ambient }> {
  const bag = membersOf(value, field, ['accessKey']);
  if (!bag.ok) return bag;
  if (bag.value === undefined) return ok({ credentials: AMBIENT });
  const key = parseAccessKey(bag.value['accessKey'], `${field}.accessKey`);
  return key.ok ? ok({ credentials: key.value }) : key;
}

export function parseGcpSignIn(
  value: unknown,
  field: string,
): Parsed<Declared<ServiceAccountKeyRef, GcpWorkloadIdentityRef>> {
  const bag = membersOf(value, field, ['serviceAccountKey', 'workloadIdentity']);
  if (!bag.ok) return bag;
  if (bag.value === undefined) return ok({ credentials: AMBIENT });
  if (Object.hasOwn(bag.value, 'serviceAccountKey')) {
    const key = parseServiceAccountKey(bag.value['serviceAccountKey'], `${field}.serviceAccountKey`);
    return key.ok ? ok({ credentials: key.value }) : key;
  }
  const at = `${field}.workloadIdentity`;
  const identity = asJsonObject(bag.value['workloadIdentity']);
  const serviceAccount = parseServiceAccountRef(identity, at);
  if (!serviceAccount.ok) return serviceAccount;
  const audience = requiredText(identity, 'audience', at, GCP_AUDIENCE);
  if (!audience.ok) return audience;
  const impersonate = optionalText(identity, 'impersonate', at, GCP_EMAIL);
  if (!impersonate.ok) return impersonate;
  const actAs = {
    kind: 'GcpWorkloadIdentity',
    serviceAccount: serviceAccount.value,
    audience: audience.value,
    ...(impersonate.value !== undefined && { impersonate: impersonate.value }),
  } as const;
  return ok({ credentials: AMBIENT, actAs });
}

export function parseAzureSignIn(
  value: unknown,
  field: string,
): Parsed<Declared<AccountKeyRef, AzureWorkloadIdentityRef>> {
  const bag = membersOf(value, field, ['accountKey', 'workloadIdentity']);
  if (!bag.ok) return bag;
  if (bag.value === undefined) return ok({ credentials: AMBIENT });
  if (Object.hasOwn(bag.value, 'accountKey')) {
    const key = parseAccountKey(bag.value['accountKey'], `${field}.accountKey`);
    return key.ok ? ok({ credentials: key.value }) : key;
  }
  const at = `${field}.workloadIdentity`;
  const identity = asJsonObject(bag.value['workloadIdentity']);
  const serviceAccount = parseServiceAccountRef(identity, at);
  if (!serviceAccount.ok) return serviceAccount;
  const clientId = requiredText(identity, 'clientId', at, UUID);
  if (!clientId.ok) return clientId;
  const tenantId = requiredText(identity, 'tenantId', at, UUID);
  if (!tenantId.ok) return tenantId;
  const actAs = {
    kind: 'AzureWorkloadIdentity',
    serviceAccount: serviceAccount.value,
    clientId: clientId.value,
    tenantId: tenantId.value,
  } as const;
  return ok({ credentials: AMBIENT, actAs });
}

/** An object with exactly one of `kinds`, and optionally some of `besides`; `undefined` if there is no object. */
function membersOf(
  value: unknown,
  field: string,
  kinds: readonly string[],
  besides: readonly string[] = [],
): Parsed<JsonObject | undefined> {
  if (value === undefined) return ok(undefined);
  const bag = asJsonObject(value);
  if (bag === undefined) return invalidSpec(`${field} must be an object.`);
  const given = Object.keys(bag).filter((key) => !besides.includes(key));
  const isOne = given.length === 1 && kinds.includes(given[0] ?? '');
  return isOne ? ok(bag) : invalidSpec(`${field} must have exactly one of ${kinds.join(' and ')}.`);
}

function requiredText(bag: JsonObject | undefined, key: string, field: string, form: TextForm): Parsed<string> {
  const value = optionalText(bag, key, field, form);
  if (!value.ok) return value;
  return value.value === undefined ? invalidSpec(`${field}.${key} is required: ${form.expected}.`) : ok(value.value);
}

const SIGN_INS: Readonly<
  Record<BucketStorage['provider'], (value: unknown, field: string) => Parsed<Declared<KeyRef, IdentityRef>>>
> = {
  S3: parseAwsSignIn,
  S3Compatible: parseKeyOnly,
  CoreWeave: parseKeyOnly,
  GCS: parseGcpSignIn,
  AzureBlob: parseAzureSignIn,
};

/** Parses `spec.validation.credentialsFrom`: the sign-in with which the bucket is proven in place of W&B's own. */
export function parseProver(value: unknown, { provider }: BucketStorage): Parsed<SignInRef | undefined> {
  const field = 'spec.validation.credentialsFrom';
  if (value === undefined) return ok(undefined);
  const bag = asJsonObject(value);
  const { member } = PROVIDERS[provider];
  const [only, ...others] = Object.keys(bag ?? {});
  if (only !== member || others.length > 0) {
    return invalidSpec(`${field} must have exactly one member, ${member}, as the bucket is of provider ${provider}.`);
  }
  const declared = SIGN_INS[provider](own(bag, member), `${field}.${member}`);
  if (!declared.ok) return declared;
  const prover = declared.value.actAs ?? declared.value.credentials;
  if (prover.kind === 'Ambient') return invalidSpec(`${field}.${member} must name the credentials to prove with.`);
  return ok(prover);
}
