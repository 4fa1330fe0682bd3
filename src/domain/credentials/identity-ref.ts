import type { BucketStorage } from '../bucket/storage.ts';
import type { IdentityRef, KeyRef, SignInRef } from './refs.ts';

/** The sign-in that is declared for W&B itself. */
export function declaredSignIn(storage: BucketStorage): SignInRef {
  return declaredIdentity(storage) ?? storage.credentials;
}

/** The identity that is declared for W&B; absent if it has keys, or if none is declared. */
export function declaredIdentity(storage: BucketStorage): IdentityRef | undefined {
  return 'actAs' in storage ? storage.actAs : undefined;
}

/** A declared sign-in, for display. */
export function describeSignIn(ref: SignInRef): string {
  switch (ref.kind) {
    case 'AccessKey':
    case 'ServiceAccountKey':
    case 'AccountKey':
      return `the key in Secret ${ref.secretName}`;
    case 'Ambient':
      return 'the identity of its own workload';
    case 'WebIdentity':
      return `role ${ref.roleArn} as ServiceAccount ${ref.serviceAccount}`;
    case 'AssumedRole':
      return `role ${ref.roleArn}, assumed by ${describeSignIn(ref.from)}`;
    case 'GcpWorkloadIdentity':
      return `${ref.impersonate ?? ref.audience} as ServiceAccount ${ref.serviceAccount}`;
    case 'AzureWorkloadIdentity':
      return `client ${ref.clientId} as ServiceAccount ${ref.serviceAccount}`;
  }
}

/** The key in a Secret that a sign-in starts from, if any. */
export function keyRefOf(ref: SignInRef): KeyRef | undefined {
  switch (ref.kind) {
    case 'AccessKey':
    case 'ServiceAccountKey':
    case 'AccountKey':
      return ref;
    case 'AssumedRole':
      return keyRefOf(ref.from);
    case 'WebIdentity':
    case 'GcpWorkloadIdentity':
    case 'AzureWorkloadIdentity':
    case 'Ambient':
      return undefined;
  }
}

/** The ServiceAccount that a sign-in starts from, if any. */
export function serviceAccountOf(ref: SignInRef): string | undefined {
  if (ref.kind === 'AssumedRole') return serviceAccountOf(ref.from);
  return 'serviceAccount' in ref ? ref.serviceAccount : undefined;
}
