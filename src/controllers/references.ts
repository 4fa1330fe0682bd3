import { ALLOW_LABEL, CONFIG_MAPS, MANAGED_BY_LABEL, MANAGER, SECRETS } from '../api/resources.ts';
import { readCredential, type SecretData } from '../domain/read-credential.ts';
import type { Problem } from '../domain/problem.ts';
import { err, ok, type Result } from '../domain/result.ts';
import type { BucketStorage, CaBundleRef, Credential, CredentialsRef } from '../domain/storage.ts';
import type { KubeClient, KubeFailure, KubeObject, ObjectCache, ObjectKey, PartialObject } from '../ports/kube.ts';
import { keyText } from './keys.ts';

/** Largest CA bundle that we read: some hundred certificates. */
const MAX_CA_BYTES = 512 * 1024;

/** What a storage refers to, read and checked. */
export interface References {
  readonly credential: Credential;
  readonly caBundle?: string;
}

/**
 * The only place that reads Secrets (design 7): gets what a storage refers to,
 * in the object's own namespace, and only Secrets that were opened to us by label.
 */
export function createReferenceReader(deps: {
  readonly kube: KubeClient;
  /** Metadata of the Secrets that we may use; changes of it tell when to read again. */
  readonly allowedSecrets: ObjectCache<PartialObject>;
  readonly configMaps: ObjectCache<PartialObject>;
  /** Lifted by an operator flag. */
  readonly requireLabel: boolean;
}) {
  const secrets = new Map<string, { readonly version: string; readonly data: SecretData }>();
  const configMaps = new Map<string, { readonly version: string; readonly data: SecretData }>();

  async function secretData(key: ObjectKey, what: string): Promise<Result<Versioned, Problem>> {
    const id = keyText(key);
    const seen = deps.allowedSecrets.get(key)?.metadata.resourceVersion;
    const known = secrets.get(id);
    if (known !== undefined && known.version === seen) return ok(known);
    secrets.delete(id);
    const found = await deps.kube.get(SECRETS, key);
    if (!found.ok) return err(readProblem('Secret', key, what, found.error));
    const refusal = deps.requireLabel ? labelProblem(found.value, key) : ownProblem(found.value, key);
    if (refusal !== undefined) return err(refusal);
    const value = { version: found.value.metadata.resourceVersion ?? '', data: found.value.data ?? {} };
    secrets.set(id, value);
    return ok(value);
  }

  async function configMapData(key: ObjectKey, what: string): Promise<Result<Versioned, Problem>> {
    const id = keyText(key);
    const known = configMaps.get(id);
    if (known !== undefined && known.version === deps.configMaps.get(key)?.metadata.resourceVersion) return ok(known);
    configMaps.delete(id);
    const found = await deps.kube.get(CONFIG_MAPS, key);
    if (!found.ok) return err(readProblem('ConfigMap', key, what, found.error));
    const value = { version: found.value.metadata.resourceVersion ?? '', data: found.value.data ?? {} };
    configMaps.set(id, value);
    return ok(value);
  }

  async function credentialOf(namespace: string, ref: CredentialsRef) {
    if (ref.kind === 'Ambient') return err(AMBIENT);
    const secret = await secretData({ namespace, name: ref.secretName }, 'the credentials');
    if (!secret.ok) return secret;
    return readCredential(secret.value.data, ref);
  }

  async function caBundleOf(namespace: string, ref: CaBundleRef) {
    const key = { namespace, name: ref.name };
    const source = ref.kind === 'Secret' ? await secretData(key, 'the CA') : await configMapData(key, 'the CA');
    if (!source.ok) return source;
    const raw = Object.hasOwn(source.value.data, ref.key) ? source.value.data[ref.key] : undefined;
    const pem = ref.kind === 'Secret' && raw !== undefined ? Buffer.from(raw, 'base64').toString('utf8') : raw;
    const problem = caProblem(pem, ref);
    return problem === undefined ? ok(pem ?? '') : err(problem);
  }

  /** Reads all that `storage` refers to in `namespace`. */
  async function read(namespace: string, storage: BucketStorage): Promise<Result<References, Problem>> {
    const credential = await credentialOf(namespace, storage.credentials);
    if (!credential.ok) return credential;
    const ref = storage.provider === 'S3Compatible' ? storage.caBundle : undefined;
    if (ref === undefined) return ok({ credential: credential.value });
    const caBundle = await caBundleOf(namespace, ref);
    return caBundle.ok ? ok({ credential: credential.value, caBundle: caBundle.value }) : caBundle;
  }

  /** To be told of deleted or changed Secrets, so that no credential is kept longer than it is used. */
  function forgetSecret(key: ObjectKey): void {
    secrets.delete(keyText(key));
  }

  return { read, forgetSecret };
}

export type ReferenceReader = ReturnType<typeof createReferenceReader>;

interface Versioned {
  readonly version: string;
  readonly data: SecretData;
}

const AMBIENT: Problem = {
  reason: 'CredentialsRequired',
  message: 'The bucket names no credentials, and this version of the operator proves buckets with a key only.',
  remedy:
    'Give credentials with a secretRef: accessKey for the S3 kinds, serviceAccountKey for GCS, accountKey for Azure Blob.',
  failureClass: 'spec',
};

function labelProblem(secret: KubeObject, key: ObjectKey): Problem | undefined {
  if (secret.metadata.labels?.[ALLOW_LABEL] === 'true') return ownProblem(secret, key);
  return {
    reason: 'SecretNotAllowed',
    message: `Secret ${key.name} is not opened to storages: it lacks the label ${ALLOW_LABEL}=true.`,
    remedy: `If storages may use it: kubectl label secret ${key.name} -n ${key.namespace} ${ALLOW_LABEL}=true`,
    failureClass: 'reference',
  };
}

/** Our own outputs hold other people's keys: a label must not open them. */
function ownProblem(secret: KubeObject, key: ObjectKey): Problem | undefined {
  if (secret.metadata.labels?.[MANAGED_BY_LABEL] !== MANAGER) return undefined;
  return {
    reason: 'SecretNotAllowed',
    message: `Secret ${key.name} is an output of this operator and cannot be the source of credentials.`,
    remedy: 'Name the Secret that you wrote the keys into.',
    failureClass: 'spec',
  };
}

function readProblem(kind: string, key: ObjectKey, what: string, failure: KubeFailure): Problem {
  if (failure.status === 404) {
    return {
      reason: `${kind}NotFound`,
      message: `${kind} ${key.name}, which holds ${what}, does not exist in namespace ${key.namespace}.`,
      remedy:
        kind === 'Secret'
          ? `Create it with the label ${ALLOW_LABEL}=true; it is picked up at once.`
          : 'Create it; it is picked up at once.',
      failureClass: 'reference',
    };
  }
  return {
    reason: `${kind}Unreadable`,
    message: `${kind} ${key.name} could not be read: the API server answered ${failure.status} ${failure.reason}.`,
    remedy:
      failure.status === 403
        ? `Allow the operator's ServiceAccount to get ${kind.toLowerCase()}s in namespace ${key.namespace}.`
        : 'It is tried again.',
    failureClass: failure.status === 403 ? 'reference' : 'transient',
  };
}

function caProblem(pem: string | undefined, ref: CaBundleRef): Problem | undefined {
  const where = `key ${ref.key} of ${ref.kind} ${ref.name}`;
  const flaw =
    pem === undefined
      ? `There is no ${where}.`
      : pem.length > MAX_CA_BYTES
        ? `The CA bundle in ${where} has more than ${MAX_CA_BYTES} bytes.`
        : !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)
          ? `The CA bundle in ${where} holds no PEM certificate.`
          : undefined;
  if (flaw === undefined) return undefined;
  return {
    reason: 'CaBundleInvalid',
    message: flaw,
    remedy: 'Put the certificate of the CA that signed the endpoint there, in PEM (-----BEGIN CERTIFICATE-----).',
    failureClass: 'reference',
  };
}
