import type * as StsSdk from '@aws-sdk/client-sts';
import type { Credentials, STSClientConfig } from '@aws-sdk/client-sts';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp } from '../../ports/http.ts';
import { createGuardedHandler } from './guarded-handler.ts';
import { STRICT_CLIENT } from './strict-client.ts';
import { stsFailure } from './sts-failure.ts';

/** The shortest session that STS gives; a probe takes a minute. */
const SESSION_SECONDS = 900;
const SESSION_NAME = 'byob-operator';
const CALL_DEADLINE_MS = 10_000;

/** Keys that sign requests; those of a session with its token and end. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** The two actions of AWS's Security Token Service that give sessions. */
export interface Sts {
  /** Unsigned: the token proves the identity. */
  assumeRoleWithWebIdentity(roleArn: string, token: string): BucketCall<AwsKeys>;
  assumeRole(keys: AwsKeys, role: { readonly roleArn: string; readonly externalId?: string }): BucketCall<AwsKeys>;
}

export function createSts(deps: { readonly http: PlainHttp; readonly endpoint: string; readonly region: string }): Sts {
  const { http, endpoint, region } = deps;
  const requestHandler = createGuardedHandler(http);
  const unsigned: STSClientConfig = { ...STRICT_CLIENT, region, endpoint, requestHandler };

  async function call(
    action: 'AssumeRole' | 'AssumeRoleWithWebIdentity',
    send: (sdk: typeof StsSdk, abortSignal: AbortSignal) => Promise<{ readonly Credentials?: Credentials | undefined }>,
  ): BucketCall<AwsKeys> {
    try {
      const { Credentials: session } = await send(await loadSdk(), AbortSignal.timeout(CALL_DEADLINE_MS));
      const keys = session === undefined ? undefined : keysIn(session);
      return keys === undefined ? err({ kind: 'IdentityServiceUnavailable', httpStatus: 200 }) : ok(keys);
    } catch (error) {
      return err(stsFailure(action, error));
    }
  }

  return {
    assumeRoleWithWebIdentity: (roleArn, token) =>
      call('AssumeRoleWithWebIdentity', ({ STSClient, AssumeRoleWithWebIdentityCommand }, abortSignal) => {
        const command = new AssumeRoleWithWebIdentityCommand({ ...sessionOf(roleArn), WebIdentityToken: token });
        return new STSClient(unsigned).send(command, { abortSignal });
      }),
    assumeRole: (keys, { roleArn, externalId }) =>
      call('AssumeRole', ({ STSClient, AssumeRoleCommand }, abortSignal) => {
        const input = { ...sessionOf(roleArn), ...(externalId !== undefined && { ExternalId: externalId }) };
        const client = new STSClient({ ...unsigned, credentials: { ...keys } });
        return client.send(new AssumeRoleCommand(input), { abortSignal });
      }),
  };
}

/** Most credentials are keys: without an identity its memory is saved. */
function loadSdk(): Promise<typeof StsSdk> {
  return import('@aws-sdk/client-sts');
}

function sessionOf(roleArn: string) {
  return { RoleArn: roleArn, RoleSessionName: SESSION_NAME, DurationSeconds: SESSION_SECONDS };
}

/** `undefined`: an answer without a complete session. */
function keysIn(session: Credentials): AwsKeys | undefined {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = session;
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Number.isNaN(Expiration?.getTime() ?? Number.NaN)) {
    return undefined;
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    ...(Expiration !== undefined && { expiration: Expiration }),
  };
}
