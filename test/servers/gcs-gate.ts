import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { err, ok, type Result } from '../../src/base/result.ts';
import {
  conditionNotMet,
  denied,
  held,
  noSuchBucket,
  noSuchObject,
  refusal,
  requesterPays,
  retained,
  type GcsAnswer,
  type Refusal,
} from './gcs-answers.ts';
import { bearerAccount, isSigned, signedUrlAccount } from './gcs-auth.ts';
import { resumeUpload } from './gcs-resumable.ts';
import { readOperation, type GcsOperation } from './gcs-operation.ts';
import { serve } from './gcs-serve.ts';
import { corsHeaders, isGranted, type GcsBucketSettings, type GcsPermission, type GcsState } from './gcs-state.ts';
import type { GcsStore, StoredObject } from './gcs-store.ts';

interface Incoming {
  readonly request: IncomingMessage;
  readonly path: string;
  readonly query: string;
  readonly body: Uint8Array;
}

/**
 * What real GCS does and its emulator does not: it looks at tokens, at V4
 * signatures and their expiry, at permissions, conditions and a bucket's CORS
 * setting, and refuses in GCS's own words. What it lets through is kept by the
 * store behind it.
 */
export function createGcsGate(state: GcsState, store: GcsStore): Server {
  return createServer((request, response) => {
    void (async () => {
      const [path = '', query = ''] = (request.url ?? '').split('?', 2);
      const body = await bodyOf(request);
      const incoming = { request, path, query, body };
      const { answer, account } = await answerTo(incoming, state, store).catch(ownFault);
      const { status, headers = {} } = answer;
      state.seen.push({ method: request.method ?? '', path, status, ...(account !== undefined && { account }) });
      response.writeHead(status, { server: 'UploadServer', 'x-guploader-uploadid': randomUUID(), ...headers });
      response.end(request.method === 'HEAD' ? undefined : answer.body);
    })();
  });
}

interface Answered {
  readonly answer: GcsAnswer;
  readonly account: string | undefined;
}

function ownFault(error: unknown): Answered {
  return { answer: { status: 500, body: `the gate itself failed: ${String(error)}` }, account: undefined };
}

async function answerTo(incoming: Incoming, state: GcsState, store: GcsStore): Promise<Answered> {
  const method = incoming.request.method ?? '';
  const resumed = await resumeUpload(incoming, state, store);
  if (resumed !== undefined) return { answer: resumed, account: undefined };
  const operation = readOperation(method, incoming.path, incoming.query);
  if (operation === undefined)
    return { answer: refusal('xml', denied('xml', undefined, 'storage.buckets.list')), account: undefined };
  if (operation.action === 'preflight')
    return { answer: preflight(incoming.request, operation, state), account: undefined };
  const caller = callerOf(incoming, operation, state);
  const account = caller.ok ? caller.value : undefined;
  const allowed = caller.ok ? await allow(operation, { state, store, account }) : caller;
  const answer = allowed.ok
    ? await serve(operation, incoming, { state, store, account })
    : refusal(operation.api, allowed.error);
  // Only the XML API knows a bucket's CORS setting.
  const { origin } = incoming.request.headers;
  const cors =
    operation.api === 'xml' ? corsHeaders(state, operation.bucket, { origin, method, preflight: false }) : {};
  return { answer: { ...answer, headers: { ...answer.headers, ...cors } }, account };
}

/** GCS answers 200 to any preflight; where no rule matches, it says nothing. */
function preflight({ headers }: IncomingMessage, { bucket }: GcsOperation, state: GcsState): GcsAnswer {
  const method = headers['access-control-request-method'] ?? '';
  return { status: 200, headers: corsHeaders(state, bucket, { origin: headers.origin, method, preflight: true }) };
}

/** Who asks: an account, or nobody in particular. */
function callerOf(
  { request, path, query }: Incoming,
  { api }: GcsOperation,
  { accounts }: GcsState,
): Result<string | undefined, Refusal> {
  const now = Date.now();
  const { method = '', headers } = request;
  if (headers.authorization !== undefined) return bearerAccount(accounts, headers.authorization, now);
  if (api === 'xml' && isSigned(query)) return signedUrlAccount(accounts, { method, path, query, headers }, now);
  return ok(undefined);
}

interface Judge {
  readonly state: GcsState;
  readonly store: GcsStore;
  readonly account: string | undefined;
}

async function allow(operation: GcsOperation, judge: Judge): Promise<Result<void, Refusal>> {
  const { api, bucket, key, permission } = operation;
  if (!judge.state.buckets.has(bucket)) return err(noSuchBucket());
  if (permission === undefined) return ok(undefined);
  if (!isGranted(judge.state, judge.account, bucket, permission)) return err(denied(api, judge.account, permission));
  if (judge.state.buckets.get(bucket)?.settings.billing?.requesterPays === true) return err(requesterPays());
  if (key === undefined) return ok(undefined);
  const object = await judge.store.get(bucket, key);
  const allowed = allowOn(object, { ...operation, permission, key }, judge);
  const kept = keptBy(operation.action, judge.state.buckets.get(bucket)?.settings, key);
  return allowed.ok && kept !== undefined ? err(kept) : allowed;
}

function allowOn(
  existing: StoredObject | undefined,
  {
    api,
    action,
    bucket,
    key,
    condition,
    permission,
  }: Required<Pick<GcsOperation, 'key' | 'permission'>> & GcsOperation,
  { state, account }: Judge,
): Result<void, Refusal> {
  const may = (other: GcsPermission): boolean => isGranted(state, account, bucket, other);
  const creates = action === 'create' || action === 'begin';
  if (existing === undefined && !creates) {
    // Without the right to list, absence is a secret.
    return err(may('storage.objects.list') ? noSuchObject(api, bucket, key) : denied(api, account, permission));
  }
  // Who may not delete may not replace; said before the condition is looked at, the harder order for a client.
  if (existing !== undefined && creates && !may('storage.objects.delete')) {
    return err(denied(api, account, 'storage.objects.delete'));
  }
  return [undefined, existing?.generation ?? '0'].includes(condition) ? ok(undefined) : err(conditionNotMet());
}

function keptBy(
  action: GcsOperation['action'],
  settings: GcsBucketSettings | undefined,
  key: string,
): Refusal | undefined {
  if (action !== 'remove') return undefined;
  if (settings?.retentionPolicy !== undefined) return retained(key);
  return settings?.defaultEventBasedHold === true ? held(key) : undefined;
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}
