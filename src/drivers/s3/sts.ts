import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type Credentials,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
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
  const requestHandler = createGuardedHandler(http, { onRequest: () => undefined, onAnswer: () => undefined });

  function client(keys: AwsKeys | undefined): STSClient {
    const config: STSClientConfig = { ...STRICT_CLIENT, region, endpoint, requestHandler };
    return new STSClient(keys === undefined ? config : { ...config, credentials: { ...keys } });
  }

  async function call(
    action: 'AssumeRole' | 'AssumeRoleWithWebIdentity',
    send: (signal: AbortSignal) => Promise<{ readonly Credentials?: Credentials | undefined }>,
  ): BucketCall<AwsKeys> {
    try {
      const { Credentials: session } = await send(AbortSignal.timeout(CALL_DEADLINE_MS));
      const keys = session === undefined ? undefined : keysIn(session);
      return keys === undefined ? err({ kind: 'IdentityServiceUnavailable', httpStatus: 200 }) : ok(keys);
    } catch (error) {
      return err(stsFailure(action, error));
    }
  }

  return {
    assumeRoleWithWebIdentity: (roleArn, token) =>
      call('AssumeRoleWithWebIdentity', (abortSignal) =>
        client(undefined).send(
          new AssumeRoleWithWebIdentityCommand({ ...sessionOf(roleArn), WebIdentityToken: token }),
          { abortSignal },
        ),
      ),
    assumeRole: (keys, { roleArn, externalId }) =>
      call('AssumeRole', (abortSignal) =>
        client(keys).send(
          new AssumeRoleCommand({ ...sessionOf(roleArn), ...(externalId !== undefined && { ExternalId: externalId }) }),
          { abortSignal },
        ),
      ),
  };
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
