import type { BucketStorage } from '../bucket/storage.ts';
import { serviceAccountOf, declaredSignIn } from '../credentials/identity-ref.ts';
import { blank, type BlankName } from './blanks.ts';
import type { TrustedWorkload } from './trust.ts';

/** Kinds of deployment (`spec.deployment.type`): in W&B's own, a principal of W&B signs in to the bucket. */
export const DEPLOYMENT_TYPES = ['SelfManaged', 'DedicatedCloud', 'SaaSCloud'] as const;
export type DeploymentType = (typeof DEPLOYMENT_TYPES)[number];

/** A bucket, and what is known of who uses it. What is absent becomes a blank. */
export interface PolicyRequest<S extends BucketStorage = BucketStorage> {
  readonly storage: S;
  /** Namespace of the storage, and so of the ServiceAccount that it names. */
  readonly namespace: string;
  readonly deployment: DeploymentType;
  /** Absent where only the bucket is known. */
  readonly level?: 'Instance' | 'Team';
  /** Origin of the W&B front end. */
  readonly origin?: string;
  /** The principal that signs in, in the terms of the provider. */
  readonly principal?: string;
  /** Issuer of the tokens of the cluster. */
  readonly issuer?: string;
}

/** A document, what it is called, and where it belongs. */
export interface NamedDocument {
  readonly name: string;
  readonly purpose: string;
  readonly document: unknown;
}

export function originOf({ origin }: PolicyRequest): string {
  return origin ?? blank('APP_ORIGIN');
}

/** The workload of W&B that a cloud has to trust. */
export function workloadOf(
  { storage, namespace, issuer }: PolicyRequest,
  unknownIssuer: BlankName = 'OIDC_ISSUER',
): TrustedWorkload {
  const serviceAccount = serviceAccountOf(declaredSignIn(storage)) ?? '';
  return {
    issuer: issuer ?? blank(unknownIssuer),
    subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
  };
}

/** A bucket of one kind. */
export type RequestFor<P extends BucketStorage['provider']> = PolicyRequest<Extract<BucketStorage, { provider: P }>>;
