import { ok } from '../../base/result.ts';
import type { AssumedRole, SignIn, WebIdentity } from '../../domain/credentials/sign-in.ts';
import type { AccessKeyCredential } from '../../domain/credentials/credential-types.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { AwsKeys, Sts } from './sts.ts';

/** Credentials for AWS. */
export type AwsSignIn = AccessKeyCredential | WebIdentity | AssumedRole;

export function isAwsSignIn(signIn: SignIn): signIn is AwsSignIn {
  return signIn.kind === 'AccessKey' || signIn.kind === 'WebIdentity' || signIn.kind === 'AssumedRole';
}

/** Signs requests to one bucket, for one probe. */
export interface AwsSession {
  /** Signs in at the first call. */
  keys(): BucketCall<AwsKeys>;
  /** When the session expires; `undefined` for keys without an end, and before the session has begun. */
  endsAt(): Date | undefined;
  /** Whether the role is refused to callers without its external id; absent where there is no external id. */
  readonly isExternalIdEnforced?: () => BucketCall<boolean>;
}

export function createAwsSession(signIn: AwsSignIn, sts: Sts): AwsSession {
  let session: BucketCall<AwsKeys> | undefined;
  let endsAt: Date | undefined;

  async function begin(): BucketCall<AwsKeys> {
    const keys = await keysOf(signIn, sts);
    if (keys.ok) endsAt = keys.value.expiration;
    return keys;
  }

  return {
    keys: () => (session ??= begin()),
    endsAt: () => endsAt,
    ...(signIn.kind === 'AssumedRole' &&
      signIn.externalId !== undefined && { isExternalIdEnforced: () => isExternalIdEnforced(signIn, sts) }),
  };
}

async function keysOf(signIn: AwsSignIn, sts: Sts): BucketCall<AwsKeys> {
  switch (signIn.kind) {
    case 'AccessKey':
      return ok({ accessKeyId: signIn.accessKeyId, secretAccessKey: signIn.secretAccessKey.reveal() });
    case 'WebIdentity': {
      const token = await signIn.workload.token();
      return token.ok ? sts.assumeRoleWithWebIdentity(signIn.roleArn, token.value.reveal()) : token;
    }
    case 'AssumedRole': {
      const from = await keysOf(signIn.from, sts);
      return from.ok ? sts.assumeRole(from.value, signIn) : from;
    }
  }
}

/** Tries to assume the role without its external id: if that succeeds, a confused deputy can use it for another party. */
async function isExternalIdEnforced({ from, roleArn }: AssumedRole, sts: Sts): BucketCall<boolean> {
  const keys = await keysOf(from, sts);
  if (!keys.ok) return keys;
  const without = await sts.assumeRole(keys.value, { roleArn });
  if (without.ok) return ok(false);
  return without.error.kind === 'RoleNotAssumable' ? ok(true) : without;
}
