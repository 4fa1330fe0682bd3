import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** One finished write as the API server's audit log has it. */
export interface AuditedWrite {
  readonly user: string;
  /** Names the token that the request came with, as `credentialOf` does; empty for other credentials. */
  readonly credential: string;
  /** When the API server had the request, and when its answer was complete: RFC 3339 with microseconds, to be compared as text. */
  readonly receivedAt: string;
  readonly finishedAt: string;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
}

/** A place in the audit log. */
export type AuditMark = number;

/** The end of the log now: what comes after it is read by `writesSince`. */
export function auditMark(file: string): AuditMark {
  return statSync(file).size;
}

const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** Writes of a user in a namespace since a mark, those that changed nothing included. */
export function writesSince(
  file: string,
  mark: AuditMark,
  by: { readonly user: string; readonly namespace: string },
): readonly AuditedWrite[] {
  return readEvents(file, mark)
    .filter((event) => isWriteIn(event, by.namespace) && event.user.username === by.user)
    .map(auditedWrite);
}

/**
 * The writes of everybody in a namespace from now on: each call gives all of them, and reads only what is new. For tests
 * that ask often, since `writesSince` reads everything again.
 */
export function followWrites(file: string, namespace: string): () => readonly AuditedWrite[] {
  const found: AuditedWrite[] = [];
  let mark = auditMark(file);
  let rest = Buffer.alloc(0);
  return () => {
    const bytes = Buffer.concat([rest, readFrom(file, mark)]);
    mark += bytes.length - rest.length;
    // A line that is not complete yet.
    const end = bytes.lastIndexOf(0x0a) + 1;
    rest = bytes.subarray(end);
    const events = eventsIn(bytes.subarray(0, end).toString('utf8'), namespace);
    found.push(...events.filter((event) => isWriteIn(event, namespace)).map(auditedWrite));
    return found;
  };
}

function isWriteIn(event: AuditEvent, namespace: string): boolean {
  return WRITES.has(event.verb) && event.objectRef?.namespace === namespace;
}

function auditedWrite(event: AuditEvent): AuditedWrite {
  return {
    user: event.user.username,
    credential: credentialIn(event.user),
    receivedAt: event.requestReceivedTimestamp,
    finishedAt: event.stageTimestamp,
    verb: event.verb,
    resource: [event.objectRef?.resource, event.objectRef?.subresource].filter((part) => part !== undefined).join('/'),
    namespace: event.objectRef?.namespace ?? '',
    name: event.objectRef?.name ?? '',
    code: event.responseStatus?.code ?? 0,
  };
}

/** Lists by a process of a user since a mark: of what, and when the answer was complete. */
export function listsSince(
  file: string,
  mark: AuditMark,
  by: { readonly user: string; readonly credential: string },
): readonly { readonly resource: string; readonly finishedAt: string }[] {
  return readEvents(file, mark)
    .filter(({ verb, user }) => verb === 'list' && user.username === by.user && credentialIn(user) === by.credential)
    .map(({ objectRef, stageTimestamp }) => ({ resource: objectRef?.resource ?? '', finishedAt: stageTimestamp }));
}

function credentialIn({ extra }: AuditEvent['user']): string {
  return extra?.[CREDENTIAL_ID]?.[0] ?? '';
}

function readEvents(file: string, mark: AuditMark): readonly AuditEvent[] {
  return eventsIn(readFrom(file, mark).toString('utf8'));
}

function readFrom(file: string, mark: AuditMark): Buffer {
  const bytes = Buffer.alloc(statSync(file).size - mark);
  const descriptor = openSync(file, 'r');
  readSync(descriptor, bytes, 0, bytes.length, mark);
  closeSync(descriptor);
  return bytes;
}

/** Of these lines, or of those alone that have a text in them, which is much faster than to parse all. */
function eventsIn(text: string, has = ''): readonly AuditEvent[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}') && line.includes(has))
    .map((line) => JSON.parse(line) as AuditEvent);
}

/**
 * What a user has asked of the API server since a mark, each kind once, sorted
 * as text; and what of it was refused. An apply that made an object is a
 * creation as well: RBAC asks for both verbs.
 */
export function requestsSince(
  file: string,
  mark: AuditMark,
  user: string,
): { readonly asked: readonly string[]; readonly refused: readonly string[] } {
  const events = readEvents(file, mark).filter(
    (event) => event.user.username === user && event.objectRef !== undefined,
  );
  const kinds = (some: readonly AuditEvent[]): readonly string[] => [...new Set(some.flatMap(kindsOf))].sort();
  return { asked: kinds(events), refused: kinds(events.filter((event) => event.responseStatus?.code === 403)) };
}

function kindsOf({ verb, objectRef, responseStatus }: AuditEvent): readonly string[] {
  const { apiGroup = '', resource = '', subresource } = objectRef ?? {};
  const name = [apiGroup, resource, ...(subresource === undefined ? [] : [subresource])].join('/');
  const isCreation = verb === 'patch' && responseStatus?.code === 201;
  return [`${verb} ${name}`, ...(isCreation ? [`create ${name}`] : [])];
}

/** What audit events call a token of a ServiceAccount. */
export function credentialOf(token: string): string {
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { jti?: string };
  return `JTI=${claims.jti ?? ''}`;
}

const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

interface AuditEvent {
  readonly verb: string;
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly user: { readonly username: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}
