import { keyRefOf } from '../../domain/credentials/identity-ref.ts';
import type { CheckContext } from '../check.ts';
import type { SettingsMessages } from './settings-messages.ts';

/** Permissions that W&B needs, under names that no provider uses. */
export type Permission = 'List' | 'Write' | 'Read' | 'Delete' | 'AbortUpload';

/**
 * The terms of one provider: names of its objects, fields of the spec, and commands
 * that fix a problem. What the checks find is the same for all providers; only these
 * texts differ.
 */
export interface ProviderMessages {
  /** `bucket omega-data/teams/omega in eu-central-1` */
  readonly bucket: string;
  /** The same without its sub-path: `bucket omega-data in eu-central-1`. */
  readonly wholeBucket: string;
  /** Scheme and host of the store. */
  readonly url: string;
  /** Name of the API that must answer there. */
  readonly api: string;
  /** Field of the spec that holds the address of the store; absent for a cloud. */
  readonly endpointField?: string;
  /** Flag of the operator that says where a cloud is, in place of its own address. */
  readonly endpointFlag?: string;
  /** Field of the spec that is part of the host's name, where a cloud has such hosts. */
  readonly hostField?: string;
  /** A common mistake: an address that is not that of the API. */
  readonly endpointHint?: string;
  /** Field of the spec that names the region; absent where none is named. */
  readonly regionField?: string;
  /** The principal as the subject of a sentence: `The owner of access key AKIA***WXYZ of Secret omega`. */
  readonly actor: string;
  /** The credential itself: `access key AKIA***WXYZ of Secret omega`. */
  readonly credential: string;
  /** Who uses the encryption key, where that is not who signs in. */
  readonly keyUser?: string;
  /** How to put a valid value into the Secret; `id` is the public part, where the credential has one. */
  readonly correctCredential: (part: 'id' | 'secret' | 'both') => string;
  /** How to address the bucket in the other way, where the spec has a field for it. */
  readonly otherAddressing?: string;
  /** Message for a wrong secret, where the store cannot know the public part or the cause may be another. */
  readonly wrongSecret?: string;
  /** How to allow access with keys, where a setting can forbid it. */
  readonly allowKeys?: string;
  /** The exact grant that is missing. */
  readonly grant: (permission: Permission) => string;
  /** Where rules about networks are, and whom to let in. */
  readonly networkRules?: string;
  /** How to turn the API of the store on, where a project can have it off. */
  readonly enableApi?: string;
  readonly trustCa: string;
  readonly createBucket: string;
  /** How to add or correct the CORS rule for the front end's origin. */
  readonly corsRule: (origin: string) => string;
  /** What to check when pre-signed URLs are refused and signed requests are not. */
  readonly presignedRules: string;
  /** How to remove public access. */
  readonly makePrivate: string;
  /** The possible causes, where the store gives the same answer for "forbidden" and "missing". */
  readonly hiddenBucket: string;
  readonly settings: SettingsMessages;
}

/** The credential with the Secret that it is from. */
export function credentialOfSecret({ signIn, principal }: CheckContext): string {
  const key = keyRefOf(signIn);
  return key === undefined ? principal : `${principal} of Secret ${key.secretName}`;
}

/** Whether an identity signs in, not a key of a Secret. */
export function isIdentity({ signIn }: CheckContext): boolean {
  return signIn.kind === 'Ambient' || signIn.kind === 'AssumedRole' || keyRefOf(signIn) === undefined;
}

/** The principal that needs a grant: the identity itself, or the owner of a key. */
export function granteeOf(context: CheckContext): string {
  const credential = credentialOfSecret(context);
  return isIdentity(context) ? credential : `the owner of ${credential}`;
}

/** The same as the subject of a sentence. */
export function actorOf(context: CheckContext): string {
  const grantee = granteeOf(context);
  return grantee.charAt(0).toUpperCase() + grantee.slice(1);
}

/** The command that puts corrected values into a Secret, with a placeholder for each value. */
export function patchSecret(namespace: string, secretName: string, keys: readonly string[]): string {
  const data = JSON.stringify({ stringData: Object.fromEntries(keys.map((key) => [key, '<new value>'])) });
  return `Correct ${keys.join(' and ')} of Secret ${secretName}: kubectl patch secret ${secretName} -n ${namespace} -p '${data}'`;
}

/** For credentials without a Secret. */
export const CORRECT_IDENTITY = 'Correct the identity of the workload that signs in to the store.';

/** On the clouds' own hosts only a proxy that decrypts TLS causes this. */
export function cloudCa(cloud: string): string {
  return (
    `A proxy seems to decrypt TLS on the way to ${cloud}: add the host of the store to NO_PROXY of the operator, or set the CA of ` +
    'the proxy in operator.extraCa.configMap of its chart (without the chart: a file in the pod, and NODE_EXTRA_CA_CERTS with its path; the CAs of the image are not read).'
  );
}

/**
 * Addition to a remedy that suggests another endpoint, which a bound claim refuses as another bucket. Empty where the
 * endpoint is not part of the bucket's identity.
 */
export function otherAddress({ endpointField }: Pick<ProviderMessages, 'endpointField'>): string {
  return endpointField?.endsWith('.endpoint') === true
    ? ' If the bucket is published already, set spec.bucketChangePolicy: Allow in the same change: the old address stays published until the new one is proven (docs/how-to/move-an-endpoint.md).'
    : '';
}
