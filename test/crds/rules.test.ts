import { beforeAll, describe, expect, it } from '@jest/globals';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { KINDS, places, schemaOf, type Kind } from './crd-files.ts';
import { RULE_ROWS, type Spec } from './rule-rows.ts';
import { TEXT_ROWS } from './text-rows.ts';
import { TRANSITION_ROWS, type TransitionRow } from './transition-rows.ts';

const API_VERSION = 'storage.wandb.com/v1alpha1';
let namespace = '';

beforeAll(async () => {
  namespace = await newNamespace('rules');
});

interface Cause {
  readonly field?: string;
  readonly message: string;
}

interface Verdict {
  readonly accepted: boolean;
  readonly causes: readonly Cause[];
}

function collection(kind: Kind): string {
  return `/apis/${API_VERSION}/namespaces/${namespace}/${kind.toLowerCase()}s`;
}

function verdictOf(answer: { readonly status: number; readonly body: Readonly<Record<string, unknown>> }): Verdict {
  const { details, message } = answer.body as { details?: { causes?: readonly Cause[] }; message?: string };
  if (answer.status >= 300 && answer.status !== 422) throw new Error(`${answer.status}: ${message ?? ''}`);
  return { accepted: answer.status < 300, causes: details?.causes ?? [] };
}

async function tryCreate(kind: Kind, name: string, spec: Spec): Promise<Verdict> {
  const object = { apiVersion: API_VERSION, kind, metadata: { name }, spec };
  return verdictOf(await adminRequest('POST', `${collection(kind)}?dryRun=All`, object));
}

/** Makes the object as it was before and tries the change. */
async function tryChange(row: TransitionRow, name: string): Promise<Verdict> {
  const path = `${collection(row.kind)}/${name}`;
  const identity = { apiVersion: API_VERSION, kind: row.kind };
  const created = await adminRequest('POST', collection(row.kind), {
    ...identity,
    metadata: { name },
    spec: row.before,
  });
  expect(verdictOf(created)).toEqual({ accepted: true, causes: [] });
  const status = { observedGeneration: 1, ...row.status, ...(row.bound && { boundBucket: row.bound }) };
  const put = (at: string, body: Spec) => adminRequest('PUT', at, { ...identity, ...body });
  const before = await put(`${path}/status`, { metadata: created.body['metadata'], spec: row.before, status });
  expect(verdictOf(before)).toEqual({ accepted: true, causes: [] });
  const { metadata } = before.body;
  if (row.boundAfter === undefined) {
    return verdictOf(await put(`${path}?dryRun=All`, { metadata, spec: row.after }));
  }
  const after = { observedGeneration: 1, ...(row.boundAfter !== null && { boundBucket: row.boundAfter }) };
  return verdictOf(await put(`${path}/status?dryRun=All`, { metadata, spec: row.after, status: after }));
}

/** `spec.fileStores.variables[0]` is of the rule at `spec.fileStores.variables[]`. */
function placeOf(cause: Cause): string {
  const field = (cause.field ?? '').replace(/\[\d+\]/g, '[]');
  return field === '<nil>' ? '' : field;
}

describe('real API server: rules that look at an object by itself', () => {
  const rows = [...RULE_ROWS, ...TEXT_ROWS];
  it.each(rows.map((row, index) => [`${row.kind} ${row.at}: ${row.message} (${index})`, row] as const))(
    '%s',
    async (_, row) => {
      const good = await tryCreate(row.kind, row.names?.accepted ?? 'accepted', row.accepted);
      expect(good).toEqual({ accepted: true, causes: [] });
      const bad = await tryCreate(row.kind, row.names?.refused ?? 'refused', row.refused);
      expect(bad.accepted).toBe(false);
      const own = bad.causes.filter((cause) => placeOf(cause) === row.at).map((cause) => cause.message);
      expect(own.join('\n')).toContain(row.message);
    },
  );
});

describe('real API server: what may change once a bucket is bound', () => {
  it.each(TRANSITION_ROWS.map((row, index) => [`${row.kind}: ${row.name}`, row, `change-${index}`] as const))(
    '%s',
    async (_, row, name) => {
      const verdict = await tryChange(row, name);
      const messages = verdict.causes.map((cause) => cause.message);
      if (row.message === undefined) expect(messages).toEqual([]);
      else expect(messages.join('\n')).toContain(row.message);
      expect(verdict.accepted).toBe(row.message === undefined);
    },
  );
});

describe('the tables', () => {
  const rules = KINDS.flatMap((kind) =>
    [...places(schemaOf(kind))].flatMap(({ path, schema }) =>
      (schema['x-kubernetes-validations'] ?? []).map((rule) => ({ kind, at: path, ...rule })),
    ),
  );
  /** Rules of texts that are tried at one place of either kind. */
  const tried = new Set(
    rules
      .filter((rule) =>
        TEXT_ROWS.some(
          ({ kind, at, message }) => kind === rule.kind && at === rule.at && rule.message.startsWith(message),
        ),
      )
      .map(textOf),
  );

  it.each(rules.map((rule) => [`${rule.kind} ${rule.at}: ${rule.message}`, rule] as const))(
    'hold a refusal for %s',
    (_, rule) => {
      if (tried.has(textOf(rule))) return;
      const single = RULE_ROWS.filter((row) => row.kind === rule.kind && row.at === rule.at);
      const changes = TRANSITION_ROWS.filter((row) => row.kind === rule.kind && rule.rule.includes('oldSelf'));
      const says = rule.messageExpression ?? rule.message;
      const refusals = [...single, ...changes].filter(
        ({ message = '-' }) =>
          says.startsWith(message) || (says.startsWith("'provider '") && message.startsWith('provider ')),
      );
      expect(refusals).not.toEqual([]);
    },
  );

  it('answer no text of a spec by a regular expression', () => {
    const bare = KINDS.flatMap((kind) => [...places(schemaOf(kind))]).filter(
      ({ path, schema }) => path.startsWith('spec') && schema.pattern !== undefined,
    );
    expect(bare.map(({ path }) => path)).toEqual([]);
  });
});

function textOf({ rule, message }: { readonly rule: string; readonly message: string }): string {
  return `${rule}: ${message}`;
}
