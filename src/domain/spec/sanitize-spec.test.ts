import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { sanitizeInstance, sanitizeTeam } from './sanitize-spec.ts';

const object = (kind: string, spec: unknown, name = 'omega') => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind,
  metadata: { name },
  spec,
});
const team = (spec: unknown) => object('TeamStorage', spec) as TeamStorage;
const instance = (spec: unknown, name?: string) => object('InstanceStorage', spec, name) as InstanceStorage;
const deployment = { type: 'SelfManaged', cloud: 'AWS' };

it('an object that admission would take is left as it came', () => {
  const validation = { mode: 'ReadOnly', interval: '1h30m', ignore: ['NotPublic'], credentialsFrom: {} };
  const good = [
    team({ team: 'omega', instanceRef: { name: 'wandb' }, bucket: {}, validation, suspend: true }),
    team({ team: 'omega', bucketFrom: { teamStorageRef: { name: 'kappa' }, path: 'a' } }),
  ];
  const whole = instance({ deployment, fileStores: { separator: ';', variables: ['A'] }, delivery: { restart: {} } });

  for (const one of good) expect(sanitizeTeam(one)).toBe(one);
  expect(sanitizeInstance(whole)).toBe(whole);
});

describe('a field of another form is left out, and the rest stands', () => {
  it('of a team', () => {
    const screened = sanitizeTeam(team({ team: 'omega', deletionPolicy: 'Shred', suspend: 'no', bucket: { name: 5 } }));

    expect(screened.spec).toEqual({ team: 'omega', bucket: { name: 5 } });
    expect(screened.violations).toMatchObject({
      fields: ['deletionPolicy', 'suspend'],
      problem: { reason: 'InvalidSpec', message: 'spec.deletionPolicy must be one of Retain, Remove.' },
    });
  });

  it('of an instance, which keeps a deployment', () => {
    const screened = sanitizeInstance(instance({ deployment: 'AWS', fileStores: { separator: 'xx' } }));

    expect(screened.spec).toEqual({ deployment: { type: 'SelfManaged', cloud: 'OnPremises' } });
    expect(screened.violations?.fields).toEqual(['deployment', 'fileStores']);
  });

  it('of an instance whose name leaves no room for those of its outputs', () => {
    const { violations: flaws } = sanitizeInstance(instance({ deployment }, 'x'.repeat(56)));

    expect(flaws).toMatchObject({ fields: [], problem: { message: expect.stringContaining('at most 55') } });
  });
});

it('whatever a spec is, what comes out has the form of its type (property)', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  const fields = [
    'team',
    'deployment',
    'instanceRef',
    'bucketFrom',
    'validation',
    'suspend',
    '__proto__',
    'fileStores',
  ];
  const spec = fc.oneof(value, fc.dictionary(fc.constantFrom(...fields), value, { noNullPrototype: true }));
  fc.assert(
    fc.property(spec, (given) => {
      const one = sanitizeTeam(team(given));
      expect(typeof one.spec.team).toBe('string');
      expect(['undefined', 'boolean']).toContain(typeof one.spec.suspend);
      expect(Object.getPrototypeOf(one.spec)).toBe(Object.prototype);
      expect(typeof sanitizeInstance(instance(given)).spec.deployment.cloud).toBe('string');
      if (one.violations !== undefined) expect(one.violations.problem.message).toMatch(/^spec.*\.$/);
    }),
  );
});
