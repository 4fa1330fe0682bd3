import { defined } from '../../base/defined.ts';
import { declaredSignIn } from '../credentials/identity-ref.ts';
import { blank } from './blanks.ts';
import { gcsCorsRule } from './cors.ts';
import { originOf, workloadOf, type NamedDocument, type RequestFor } from './policy-request.ts';
import { GCS_BUCKET_ROLE, GCS_IMPERSONATION_ROLE, GCS_SIGNING_ROLE } from './roles.ts';
import { gcpWorkloadMember } from './trust.ts';
import { wandbOnGcp } from './wandb-principals.ts';

/** A role for a member, in the form of Google Cloud IAM. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** Everything that a bucket on Google Cloud needs. */
export interface GcsDocuments {
  readonly bucketBindings: readonly Binding[];
  /** The service account that W&B's workload acts as, and its bindings. */
  readonly impersonation?: { readonly serviceAccount: string; readonly bindings: readonly Binding[] };
  readonly cors: readonly unknown[];
}

export function gcsDocuments(request: RequestFor<'GCS'>): GcsDocuments {
  return defined({
    bucketBindings: [{ role: GCS_BUCKET_ROLE, members: [memberOf(request)] }],
    impersonation: impersonationOf(request),
    cors: [gcsCorsRule(originOf(request))],
  });
}

function memberOf(request: RequestFor<'GCS'>): string {
  const signIn = declaredSignIn(request.storage);
  if (signIn.kind === 'GcpWorkloadIdentity') {
    return signIn.impersonate === undefined
      ? gcpWorkloadMember(signIn.audience, workloadOf(request).subject)
      : `serviceAccount:${signIn.impersonate}`;
  }
  const ofWandb = signIn.kind === 'Ambient' ? wandbOnGcp(request.deployment) : undefined;
  return memberIn(request.principal) ?? ofWandb ?? blank('GCP_MEMBER');
}

/** An e-mail address alone is taken for a service account. */
function memberIn(principal: string | undefined): string | undefined {
  return principal === undefined || principal.includes(':') ? principal : `serviceAccount:${principal}`;
}

function impersonationOf(request: RequestFor<'GCS'>): GcsDocuments['impersonation'] {
  const signIn = declaredSignIn(request.storage);
  if (signIn.kind !== 'GcpWorkloadIdentity' || signIn.impersonate === undefined) return undefined;
  const workload = gcpWorkloadMember(signIn.audience, workloadOf(request).subject);
  return {
    serviceAccount: signIn.impersonate,
    bindings: [
      { role: GCS_IMPERSONATION_ROLE, members: [workload] },
      { role: GCS_SIGNING_ROLE, members: [`serviceAccount:${signIn.impersonate}`] },
    ],
  };
}

export function namedGcsDocuments(request: RequestFor<'GCS'>): readonly NamedDocument[] {
  const { name } = request.storage;
  const { bucketBindings, impersonation, cors } = gcsDocuments(request);
  return [
    { name: 'Roles', purpose: `Add the bindings to bucket ${name}.`, document: { bindings: bucketBindings } },
    ...(impersonation === undefined
      ? []
      : [
          {
            name: 'ServiceAccountRoles',
            purpose: `Add the bindings to service account ${impersonation.serviceAccount}: W&B's workload acts as it, and it signs URLs.`,
            document: { bindings: impersonation.bindings },
          },
        ]),
    { name: 'Cors', purpose: `Add its rule to the CORS rules of bucket ${name}.`, document: cors },
  ];
}
