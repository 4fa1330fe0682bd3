import {
  ALLOW_LABEL,
  CONFIG_MAPS,
  MANAGED_BY_LABEL,
  MANAGER,
  SECRETS,
  SERVER_ANNOTATION,
} from '../../api/resources.ts';
import { readCredential, type SecretData } from '../../domain/credentials/read-credential.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { Secret } from '../../base/secret.ts';
import type { SignInRef } from '../../domain/credentials/refs.ts';
import { declaredSignIn } from '../../domain/credentials/identity-ref.ts';
import type { AmbientIdentity, SignIn } from '../../domain/credentials/sign-in.ts';
import type { KeyRef } from '../../domain/credentials/refs.ts';
import type { Credential } from '../../domain/credentials/credential-types.ts';
import type { BucketStorage, CaBundleRef } from '../../domain/bucket/storage.ts';
import type { KubeObject, ObjectKey, PartialObject } from '../../api/object.ts';
import type { KubeClient, KubeFailure, ObjectReader } from '../../ports/kube.ts';
import { ambientSignIn } from './ambient.ts';
import { answerOf } from './api-failure.ts';
import { createIdentityReader } from './identity-reader.ts';
import { keyText } from '../../api/object-key.ts';
import type { StorageObject } from '../storage/resolved-storage.ts';
import type { ApiKey } from '../provision/provision.ts';
import type { TokenSource } from './token-source.ts';

/** Some hundred certificates. */
const MAX_CA_BYTES = 512 * 1024;

/** The credential for a kind of reference. */
type CredentialOf<K extends KeyRef> = Extract<Credential, { readonly kind: K['kind'] }>;

/** The objects that a storage refers to, read and validated. */
export interface References {
  /** The key that W&B will use; absent if it signs in by an identity. */
  readonly credential?: Credential;
  /** What the bucket is proven with. */
  readonly signIn: SignIn;
  readonly caBundle?: string;
}

/**
 * The only place that reads Secrets of other owners: those that a storage refers to, in the object's own namespace.
 * Unless a flag disables it, the Secret must have the label that allows it.
 */
// eslint-disable-next-line max-lines-per-function -- the readers of each kind share the two caches
export function createReferenceReader(deps: {
  readonly kube: KubeClient;
  /** Metadata of the allowed Secrets; a change of it shows when to read again. */
  readonly allowedSecrets: ObjectReader<PartialObject>;
  readonly configMaps: ObjectReader<PartialObject>;
  readonly tokens: TokenSource;
  /** Absent: the operator must not use its own identity. */
  readonly ambient?: AmbientIdentity;
  /** An operator flag disables it. */
  readonly requireLabel: boolean;
}) {
  const secrets = new Map<string, ReadSecret>();
  const configMaps = new Map<string, { readonly version: string; readonly data: SecretData }>();

  async function secretData(key: ObjectKey, what: string): Promise<Result<ReadSecret, Problem>> {
    const id = keyText(key);
    const seen = deps.allowedSecrets.get(key)?.metadata.resourceVersion;
    const known = secrets.get(id);
    if (known !== undefined && known.version === seen) return ok(known);
    secrets.delete(id);
    const found = await deps.kube.get(SECRETS, key);
    if (!found.ok) return err(readProblem('Secret', key, what, found.error));
    const refusal = deps.requireLabel ? labelProblem(found.value, key) : ownProblem(found.value, key);
    if (refusal !== undefined) return err(refusal);
    const { resourceVersion: version = '', annotations } = found.value.metadata;
    const server = annotations?.[SERVER_ANNOTATION];
    const data = found.value.data ?? {};
    const value = { version, data, credential: credentialsIn(data), ...(server !== undefined && { server }) };
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

  const identities = createIdentityReader({ keyOf, tokens: deps.tokens });

  async function keyOf<K extends KeyRef>(namespace: string, ref: K): Promise<Result<CredentialOf<K>, Problem>> {
    const secret = await secretData({ namespace, name: ref.secretName }, 'the credentials');
    if (!secret.ok) return secret;
    return secret.value.credential(ref) as Result<CredentialOf<K>, Problem>;
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

  function signInOf(wanted: Wanted): Promise<Result<SignIn, Problem>> {
    const { namespace, storage, prover } = wanted;
    const ref = prover ?? declaredSignIn(storage);
    switch (ref.kind) {
      case 'AccessKey':
      case 'ServiceAccountKey':
      case 'AccountKey':
        return keyOf(namespace, ref);
      case 'Ambient':
        return Promise.resolve(ambientSignIn(deps.ambient, wanted));
      default:
        return identities.read(namespace, ref);
    }
  }

  async function readCredentials(wanted: Wanted): Promise<Result<References, Problem>> {
    const { namespace, storage } = wanted;
    const { credentials } = storage;
    const credential = credentials.kind === 'Ambient' ? ok(undefined) : await keyOf(namespace, credentials);
    if (!credential.ok) return credential;
    const signIn = await signInOf(wanted);
    if (!signIn.ok) return signIn;
    return ok({ signIn: signIn.value, ...(credential.value !== undefined && { credential: credential.value }) });
  }

  /** Reads all that a storage refers to. */
  async function read(wanted: Wanted): Promise<Result<References, Problem>> {
    const { namespace, storage } = wanted;
    const credentials = await readCredentials(wanted);
    const ref = storage.provider === 'S3Compatible' ? storage.caBundle : undefined;
    if (!credentials.ok || ref === undefined) return credentials;
    const caBundle = await caBundleOf(namespace, ref);
    return caBundle.ok ? ok({ ...credentials.value, caBundle: caBundle.value }) : caBundle;
  }

  /**
   * An API key of W&B (`deployment.apiKeySecretRef`). Its Secret may name the user, and must name the server: otherwise
   * a user who may create an InstanceStorage could have any key of the namespace sent to a server of their own.
   */
  async function readApiKey(key: ObjectKey, field: string, url: string): Promise<Result<ApiKey, Problem>> {
    const secret = await secretData(key, "W&B's API key");
    if (!secret.ok) return secret;
    if (secret.value.server !== url) return err(otherServer(key, url));
    const text = (name: string): string =>
      Buffer.from(secret.value.data[name] ?? '', 'base64')
        .toString('utf8')
        .trim();
    const apiKey = Object.hasOwn(secret.value.data, field) ? text(field) : '';
    if (apiKey === '') {
      return err({
        reason: 'SecretKeyMissing',
        message: `Secret ${key.name} has no API key under ${field}.`,
        remedy: 'Add it, or correct spec.deployment.apiKeySecretRef.key.',
        failureClass: 'reference',
      });
    }
    const username = Object.hasOwn(secret.value.data, 'username') ? text('username') : '';
    return ok({ apiKey: new Secret(apiKey), ...(username !== '' && { username }) });
  }

  /** To be called for deleted or changed objects, so that nothing of them is kept longer than needed. */
  function forget(kind: CaBundleRef['kind'], key: ObjectKey): void {
    (kind === 'Secret' ? secrets : configMaps).delete(keyText(key));
  }

  return { read, readApiKey, forget };
}

export type ReferenceReader = ReturnType<typeof createReferenceReader>;

/** The storage, and the sign-in to prove it with if that is not the declared one. */
export interface Wanted {
  readonly kind: StorageObject['kind'];
  readonly namespace: string;
  readonly storage: BucketStorage;
  readonly prover?: SignInRef;
}

interface Versioned {
  readonly version: string;
  readonly data: SecretData;
}

interface ReadSecret extends Versioned {
  readonly credential: (ref: KeyRef) => Result<Credential, Problem>;
  /** The server that its API key is for. */
  readonly server?: string;
}

/** What a Secret holds, read once for all claims that refer to the same keys of it: they share one object. */
function credentialsIn(data: SecretData): ReadSecret['credential'] {
  const known = new Map<string, Result<Credential, Problem>>();
  return (ref) => {
    const id = JSON.stringify(ref);
    const before = known.get(id);
    if (before !== undefined) return before;
    const read = readCredential(data, ref);
    // Keys that are not in the Secret may have any name, so those are not kept.
    if (read.ok) known.set(id, read);
    return read;
  };
}

function otherServer({ namespace, name }: ObjectKey, url: string): Problem {
  return {
    reason: 'SecretNotAllowed',
    message: `Secret ${name} does not say that its API key is for ${url}, so it is not sent there.`,
    remedy: `If the key is for this server: kubectl annotate secret ${name} -n ${namespace} --overwrite ${SERVER_ANNOTATION}=${url}`,
    failureClass: 'reference',
  };
}

function labelProblem(secret: KubeObject, key: ObjectKey): Problem | undefined {
  if (secret.metadata.labels?.[ALLOW_LABEL] === 'true') return ownProblem(secret, key);
  return {
    reason: 'SecretNotAllowed',
    message: `Storages may not use Secret ${key.name}: it lacks the label ${ALLOW_LABEL}=true.`,
    remedy: `To allow it: kubectl label secret ${key.name} -n ${key.namespace} ${ALLOW_LABEL}=true`,
    failureClass: 'reference',
  };
}

/** The operator's outputs hold keys of other users: a label must not allow their use. */
function ownProblem(secret: KubeObject, key: ObjectKey): Problem | undefined {
  if (secret.metadata.labels?.[MANAGED_BY_LABEL] !== MANAGER) return undefined;
  return {
    reason: 'SecretNotAllowed',
    message: `Secret ${key.name} is an output of this operator and cannot be the source of credentials.`,
    remedy: 'Name the Secret that you wrote the keys into.',
    failureClass: 'spec',
  };
}

function readProblem(kind: 'Secret' | 'ConfigMap', key: ObjectKey, what: string, failure: KubeFailure): Problem {
  if (failure.status === 404) {
    return {
      reason: kind === 'Secret' ? 'SecretNotFound' : 'ConfigMapNotFound',
      message: `${kind} ${key.name}, which holds ${what}, does not exist in namespace ${key.namespace}.`,
      remedy:
        kind === 'Secret'
          ? `Create it with the label ${ALLOW_LABEL}=true; the operator sees it at once.`
          : 'Create it; the operator sees it at once.',
      failureClass: 'reference',
    };
  }
  return {
    reason: kind === 'Secret' ? 'SecretUnreadable' : 'ConfigMapUnreadable',
    message: `${kind} ${key.name} could not be read: ${answerOf(failure)}.`,
    remedy:
      failure.status === 403
        ? `Allow the operator's ServiceAccount to get ${kind.toLowerCase()}s in namespace ${key.namespace}.`
        : 'The operator tries again.',
    failureClass: failure.status === 403 ? 'reference' : 'transient',
  };
}

function caProblem(pem: string | undefined, ref: CaBundleRef): Problem | undefined {
  const where = `key ${ref.key} of ${ref.kind} ${ref.name}`;
  const violation =
    pem === undefined
      ? `There is no ${where}.`
      : pem.length > MAX_CA_BYTES
        ? `The CA bundle in ${where} has more than ${MAX_CA_BYTES} bytes.`
        : !/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/.test(pem)
          ? `The CA bundle in ${where} holds no PEM certificate.`
          : undefined;
  if (violation === undefined) return undefined;
  return {
    reason: 'CaBundleInvalid',
    message: violation,
    remedy: 'Put the certificate of the CA that signed the endpoint there, in PEM (-----BEGIN CERTIFICATE-----).',
    failureClass: 'reference',
  };
}
