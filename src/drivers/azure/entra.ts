import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { err, ok } from '../../base/result.ts';
import type { AzureWorkloadIdentity } from '../../domain/credentials/sign-in.ts';
import { asJsonObject, own, text } from '../../domain/spec/json.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { PlainHttp } from '../../ports/http.ts';
import { entraFailure, parsed } from './entra-failure.ts';

const CALL_DEADLINE_MS = 10_000;

/** A token for the Blob service, and when it expires. */
export interface EntraToken {
  readonly value: string;
  readonly endsAt: Date;
}

/**
 * Microsoft Entra's client credentials flow with a federated credential, as
 * documented: the token of a ServiceAccount replaces the secret of a client.
 */
export async function requestEntraToken(
  { clientId, tenantId, workload }: AzureWorkloadIdentity,
  { http, loginUrl }: { readonly http: PlainHttp; readonly loginUrl: string },
): BucketCall<EntraToken> {
  const assertion = await workload.token();
  if (!assertion.ok) return assertion;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: 'https://storage.azure.com/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion.value.reveal(),
  });
  const sent = await http.send(
    {
      method: 'POST',
      url: `${loginUrl}/${tenantId}/oauth2/v2.0/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from(form.toString()),
    },
    AbortSignal.timeout(CALL_DEADLINE_MS),
  );
  if (!sent.ok) return err(unavailable(sent.error));
  const body = Buffer.from(sent.value.body).toString('utf8');
  if (sent.value.status !== 200) return err(entraFailure(sent.value.status, body));
  const token = tokenIn(body);
  return token === undefined ? err(unavailable({ httpStatus: 200 })) : ok(token);
}

/** A failure to reach Entra is not a failure of the store. */
function unavailable({ httpStatus, providerCode }: Partial<BucketFailure>): BucketFailure {
  return {
    kind: 'IdentityServiceUnavailable',
    ...(httpStatus !== undefined && { httpStatus }),
    ...(providerCode !== undefined && { providerCode }),
  };
}

function tokenIn(body: string): EntraToken | undefined {
  const document = asJsonObject(parsed(body));
  const value = text(document, 'access_token');
  const seconds = own(document, 'expires_in');
  // It goes into a header.
  if (value === undefined || !/^[\x21-\x7e]{1,16384}$/.test(value) || typeof seconds !== 'number') return undefined;
  return { value, endsAt: new Date(Date.now() + seconds * 1000) };
}
