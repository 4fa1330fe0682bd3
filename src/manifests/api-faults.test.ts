import { describe, expect, it } from '@jest/globals';
import { RULE_ROWS } from '../../test/crds/rule-rows.ts';
import { TEXT_ROWS } from '../../test/crds/text-rows.ts';
import { TRANSITION_ROWS, type TransitionRow } from '../../test/crds/transition-rows.ts';
import { apiFaults } from './api-faults.ts';
import type { StorageKindName } from './crd-schema.ts';
import { fieldText } from './manifest.ts';

const objectOf = (kind: StorageKindName, spec: unknown, name = 'omega') => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind,
  metadata: { name },
  spec,
});
const placesOf = (kind: StorageKindName, spec: unknown, name?: string) =>
  apiFaults(kind, objectOf(kind, spec, name), undefined).map(({ path, reason, message }) => ({
    at: fieldText(path).replaceAll(/\[\d+\]/g, '[]'),
    ...{ reason, message },
  }));

describe('the rules of the CRDs are evaluated as by the API server, which test/crds asks the same', () => {
  const rows = [...RULE_ROWS, ...TEXT_ROWS].map((row, index) => [`${row.kind} ${row.at} (${index})`, row] as const);

  it.each(rows)('%s', (_, { kind, at, message, accepted, refused, names }) => {
    expect(placesOf(kind, accepted, names?.accepted)).toEqual([]);
    const own = placesOf(kind, refused, names?.refused).filter((fault) => fault.at === at);
    expect(own.map((fault) => fault.message).join('\n')).toContain(message);
  });

  /** The operator's own writes of a status come in no file. */
  const changes = TRANSITION_ROWS.filter(({ boundAfter }) => boundAfter === undefined);
  it.each(changes.map((row) => [`${row.kind}: ${row.name}`, row] as const))('%s', (_, row) => {
    expect(messagesOf(row).join('\n')).toContain(row.message ?? '');
    if (row.message === undefined) expect(messagesOf(row)).toEqual([]);
  });
});

function messagesOf({ kind, before, after, status, bound }: TransitionRow): readonly string[] {
  const recorded = { observedGeneration: 1, ...status, ...(bound && { boundBucket: bound }) };
  const former = { ...objectOf(kind, before), status: recorded };
  return apiFaults(kind, objectOf(kind, after), former).map(({ message }) => message);
}

describe('the structure', () => {
  const team = { team: 'omega', bucket: { provider: 'S3', name: 'acme', s3: { region: 'eu-central-1' } } };

  it.each([
    ['a field that there is not', { ...team, buckets: {} }, { at: 'spec.buckets', reason: 'UnknownField' }],
    [
      'a deep one',
      { ...team, bucket: { ...team.bucket, s3: { region: 'r', zone: 'z' } } },
      { at: 'spec.bucket.s3.zone' },
    ],
    [
      'a required field that is missing',
      { bucket: team.bucket },
      { at: 'spec.team', message: 'spec.team is required' },
    ],
    ['another type', { ...team, suspend: 'yes' }, { message: 'spec.suspend must be of type boolean' }],
    ['a value of no list', { ...team, isolation: 'Some' }, { message: expect.stringContaining('"Required"') }],
    ['a text that is too long', { ...team, team: 'a'.repeat(300) }, { message: expect.stringContaining('at most') }],
    [
      'the same value twice',
      { ...team, validation: { ignore: ['CorsAllowsApp', 'CorsAllowsApp'] } },
      { at: 'spec.validation.ignore' },
    ],
  ])('refuses %s', (_, spec, expected) => {
    expect(placesOf('TeamStorage', spec)).toContainEqual(expect.objectContaining(expected));
  });

  it('takes an object as kubectl prints it, with metadata of all kinds and a status', () => {
    const printed = { ...objectOf('TeamStorage', team), status: { conditions: [{ whatever: 1 }] } };
    const metadata = { ...printed.metadata, managedFields: [{}], labels: { a: 'b' } } as never;
    expect(apiFaults('TeamStorage', { ...printed, metadata }, undefined)).toEqual([]);
  });

  it('never repeats a value, which may be a secret in the wrong place', () => {
    const leaked = { ...team, suspend: 'AKIA-secret', bucket: { ...team.bucket, provider: 'AKIA-secret' } };
    expect(JSON.stringify(placesOf('TeamStorage', leaked))).not.toContain('AKIA-secret');
  });

  it.each(['', 'Omega', 'a_b', '-a'])('refuses the name "%s"', (name) => {
    expect(placesOf('TeamStorage', team, name)).toMatchObject([{ at: 'metadata.name' }]);
  });
});
