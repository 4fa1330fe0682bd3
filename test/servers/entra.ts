import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The one federated credential of the one managed identity. */
export interface EntraRules {
  readonly tenantId: string;
  readonly clientId: string;
  readonly assertion: string;
  /** What the tokens are for; another one than the Blob service refuses them there. */
  readonly audience?: string;
}

/**
 * Microsoft Entra's token endpoint, scripted by its documentation. Azurite reads
 * the tokens: it wants them for storage, issued by Entra, and of this time.
 */
export async function startEntra(rules: EntraRules) {
  const server = createServer((request, response) => {
    void (async () => {
      const form = new URLSearchParams(await text(request));
      const refused = refusalOf(rules, request.url ?? '', form);
      response.writeHead(refused === undefined ? 200 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          refused === undefined
            ? { token_type: 'Bearer', expires_in: 3599, access_token: tokenOf(rules) }
            : { error: 'invalid_client', error_description: 'a secret detail', error_codes: [refused] },
        ),
      );
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
}

function refusalOf(rules: EntraRules, path: string, form: URLSearchParams): number | undefined {
  if (path !== `/${rules.tenantId}/oauth2/v2.0/token`) return 90002;
  const isWhole =
    form.get('grant_type') === 'client_credentials' &&
    form.get('scope') === 'https://storage.azure.com/.default' &&
    form.get('client_assertion_type') === 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  if (!isWhole) return 900144;
  if (form.get('client_id') !== rules.clientId) return 700016;
  return form.get('client_assertion') === rules.assertion ? undefined : 700213;
}

function tokenOf({ tenantId, clientId, audience = 'https://storage.azure.com' }: EntraRules): string {
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    aud: audience,
    iss: `https://sts.windows.net/${tenantId}/`,
    oid: clientId,
    tid: tenantId,
    nbf: seconds - 60,
    iat: seconds,
  };
  const parts = [{ alg: 'none' }, { ...claims, exp: seconds + 3599 }];
  return `${parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
}
