import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp, PlainResponse } from '../../ports/http.ts';
import { Sha256 } from './sha256.ts';
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

/** The two actions of AWS's Security Token Service that give sessions, as documented (Query API, version 2011-06-15). */
export interface Sts {
  /** Unsigned: the token says who asks. */
  assumeRoleWithWebIdentity(roleArn: string, token: string): BucketCall<AwsKeys>;
  assumeRole(keys: AwsKeys, role: { readonly roleArn: string; readonly externalId?: string }): BucketCall<AwsKeys>;
}

export function createSts(deps: { readonly http: PlainHttp; readonly endpoint: string; readonly region: string }): Sts {
  async function send(form: Readonly<Record<string, string>>, keys: AwsKeys | undefined): BucketCall<AwsKeys> {
    const body = new URLSearchParams({ ...form, Version: '2011-06-15' }).toString();
    const headers = await headersOf(body, keys);
    const request = { method: 'POST', url: `${deps.endpoint}/`, headers, body: Buffer.from(body) };
    const sent = await deps.http.send(request, AbortSignal.timeout(CALL_DEADLINE_MS));
    if (!sent.ok) return err(unavailable(sent.error));
    if (sent.value.status !== 200) return err(stsFailure(form['Action'] ?? '', sent.value));
    const session = sessionIn(sent.value);
    return session === undefined ? err(unavailable({ httpStatus: 200 })) : ok(session);
  }

  async function headersOf(body: string, keys: AwsKeys | undefined): Promise<Record<string, string>> {
    const { host, protocol, hostname, port } = new URL(deps.endpoint);
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', accept: 'application/xml' };
    if (keys === undefined) return headers;
    const signer = new SignatureV4({ service: 'sts', region: deps.region, credentials: keys, sha256: Sha256 });
    const request = new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      path: '/',
      headers: { ...headers, host },
      body,
      ...(port !== '' && { port: Number(port) }),
    });
    const signed = Object.entries((await signer.sign(request)).headers);
    // undici sets it itself, and refuses to be told twice.
    return Object.fromEntries(signed.filter(([name]) => name !== 'host'));
  }

  return {
    assumeRoleWithWebIdentity: (roleArn, token) =>
      send({ Action: 'AssumeRoleWithWebIdentity', ...sessionOf(roleArn), WebIdentityToken: token }, undefined),
    assumeRole: (keys, { roleArn, externalId }) =>
      send(
        { Action: 'AssumeRole', ...sessionOf(roleArn), ...(externalId !== undefined && { ExternalId: externalId }) },
        keys,
      ),
  };
}

function sessionOf(roleArn: string): Readonly<Record<string, string>> {
  return { RoleArn: roleArn, RoleSessionName: SESSION_NAME, DurationSeconds: String(SESSION_SECONDS) };
}

/** What happened on the way to STS says nothing of the store. */
function unavailable({ httpStatus, providerCode }: Partial<BucketFailure>): BucketFailure {
  return {
    kind: 'IdentityServiceUnavailable',
    ...(httpStatus !== undefined && { httpStatus }),
    ...(providerCode !== undefined && { providerCode }),
  };
}

/** The session in an answer of either action; bounded, and only the four elements that we know. */
function sessionIn(response: PlainResponse): AwsKeys | undefined {
  const body = Buffer.from(response.body).toString('utf8');
  const element = (name: string): string =>
    new RegExp(`<${name}>([^<]{1,8192})</${name}>`).exec(body)?.[1]?.trim() ?? '';
  const expiration = new Date(element('Expiration'));
  const accessKeyId = element('AccessKeyId');
  const secretAccessKey = element('SecretAccessKey');
  const sessionToken = element('SessionToken');
  const isWhole = [accessKeyId, secretAccessKey, sessionToken].every((part) => part !== '');
  return isWhole && !Number.isNaN(expiration.getTime())
    ? { accessKeyId, secretAccessKey, sessionToken, expiration }
    : undefined;
}
