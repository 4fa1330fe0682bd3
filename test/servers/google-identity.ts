import { createSign, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { GcsAccount } from './gcs.ts';

/** What Google's identity services let happen. */
export interface GoogleRules {
  /** The one provider, and which token it takes. */
  readonly audience: string;
  readonly takes: (subjectToken: string) => boolean;
  /** Who may be impersonated, or stands for the federated identity itself. */
  readonly account: GcsAccount;
  readonly mayImpersonate?: boolean;
  readonly maySign?: boolean;
  /** The project of the pool has the IAM credentials API off. */
  readonly isApiOff?: boolean;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

/**
 * Google's Security Token Service and IAM credentials API, scripted by their
 * documentation. Access tokens are JWTs that the service account signs itself, so
 * that the GCS gate accepts them as it does any other.
 */
export async function startGoogleIdentity(rules: GoogleRules) {
  const asked: string[] = [];
  const federated = `federated-${randomBytes(8).toString('hex')}`;
  const access = selfSigned(rules.account);
  const server = createServer((request, response) => {
    void (async () => {
      const path = request.url ?? '';
      asked.push(path.replace(/^.*[/:]/, ''));
      const body = JSON.parse(await text(request)) as Readonly<Record<string, unknown>>;
      const bearer = request.headers.authorization?.replace('Bearer ', '');
      const reply = path === '/v1/token' ? exchange(body) : iam(path, bearer, body);
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(reply.body));
    })();
  });

  function exchange(body: Readonly<Record<string, unknown>>): Reply {
    const isWhole =
      body['grantType'] === 'urn:ietf:params:oauth:grant-type:token-exchange' &&
      body['subjectTokenType'] === 'urn:ietf:params:oauth:token-type:jwt' &&
      body['scope'] === SCOPE;
    if (!isWhole) return { status: 400, body: { error: 'invalid_request' } };
    if (body['audience'] !== rules.audience) return { status: 400, body: { error: 'invalid_target' } };
    if (!rules.takes(String(body['subjectToken']))) return { status: 400, body: { error: 'invalid_grant' } };
    const token = rules.mayImpersonate === undefined ? access : federated;
    return { status: 200, body: { access_token: token, expires_in: 3600, token_type: 'Bearer' } };
  }

  function iam(path: string, bearer: string | undefined, body: Readonly<Record<string, unknown>>): Reply {
    const [, email = '', method] = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):(\w+)$/.exec(path) ?? [];
    if (rules.isApiOff === true) return API_OFF;
    if (decodeURIComponent(email) !== rules.account.email) return denial(404, 'NOT_FOUND');
    if (method === 'generateAccessToken') {
      if (bearer !== federated || rules.mayImpersonate !== true) return denial(403, 'PERMISSION_DENIED');
      return { status: 200, body: { accessToken: access, expireTime: new Date(Date.now() + 900_000).toISOString() } };
    }
    if (bearer !== access || rules.maySign === false) return denial(403, 'PERMISSION_DENIED');
    const signer = createSign('RSA-SHA256').update(Buffer.from(String(body['payload']), 'base64'));
    return { status: 200, body: { keyId: '1', signedBlob: signer.sign(rules.account.privateKey).toString('base64') } };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Last words of the paths, in order. */
    asked,
    stop: () => server.close(),
  };
}

/** As Google answers, recorded by those who met it. */
const API_OFF: Reply = {
  status: 403,
  body: {
    error: {
      code: 403,
      status: 'PERMISSION_DENIED',
      message:
        'IAM Service Account Credentials API has not been used in project 1 before or it is disabled. Enable it by visiting the console then retry.',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'SERVICE_DISABLED', domain: 'googleapis.com' },
      ],
    },
  },
};

function denial(code: number, status: string): Reply {
  return { status: code, body: { error: { code, status, message: 'Permission denied for a secret reason' } } };
}

function selfSigned({ email, privateKey }: GcsAccount): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = { iss: email, sub: email, scope: SCOPE, iat: seconds, exp: seconds + 900 };
  const head = [{ alg: 'RS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${head}.${createSign('RSA-SHA256').update(head).sign(privateKey).toString('base64url')}`;
}
