import { expect, it } from '@jest/globals';
import { createFakeClock } from '../../../test/support/fakes/clock.ts';
import type { TeamStorage } from '../../api/resources.ts';
import type { Problem } from '../../domain/conditions/problem.ts';
import { createGracePeriod } from './grace-period.ts';

const missing: Problem = { reason: 'SecretNotFound', message: '', failureClass: 'reference' };
const team = (observedGeneration: number): TeamStorage => ({
  apiVersion: 'storage.wandb.com/v1alpha1',
  kind: 'TeamStorage',
  metadata: { name: 'omega', namespace: 'wandb', uid: 'uid' },
  spec: { team: 'omega' },
  status: { observedGeneration },
});

it('waits a second before it reports a missing reference of a new object', () => {
  const clock = createFakeClock();
  const gracePeriod = createGracePeriod(clock);

  expect(gracePeriod.left(team(-1), missing)).toBe(1000);
  clock.advance(600);
  expect(gracePeriod.left(team(-1), missing)).toBe(400);
  clock.advance(400);
  expect(gracePeriod.left(team(-1), missing)).toBe(0);
});

it('reports at once a fault of the object itself, and any fault of an object with a status', () => {
  const gracePeriod = createGracePeriod(createFakeClock());

  expect(gracePeriod.left(team(-1), { ...missing, reason: 'InvalidSpec', failureClass: 'spec' })).toBe(0);
  expect(gracePeriod.left(team(3), missing)).toBe(0);
  expect(gracePeriod.left(team(-1), undefined)).toBe(0);
});

it('waits some seconds before it reports a missing instance of a Ready object: it may be being replaced', () => {
  const clock = createFakeClock();
  const gracePeriod = createGracePeriod(clock);
  const ready = {
    type: 'Ready',
    status: 'True' as const,
    reason: 'Valid',
    message: '',
    observedGeneration: 3,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  const object: TeamStorage = {
    ...team(3),
    metadata: { ...team(3).metadata, generation: 3 },
    status: { observedGeneration: 3, conditions: [ready] },
  };
  const gone: Problem = { ...missing, reason: 'InstanceNotFound' };

  expect(gracePeriod.left(object, gone)).toBe(5000);
  clock.advance(5000);
  expect(gracePeriod.left(object, gone)).toBe(0);
  // An edit of its own is answered at once.
  expect(gracePeriod.left({ ...object, metadata: { ...object.metadata, generation: 4, uid: 'two' } }, gone)).toBe(0);
  expect(gracePeriod.left({ ...object, metadata: { ...object.metadata, uid: 'three' } }, missing)).toBe(0);
});

it('keeps the report while a ledger cannot be read, and reports it of a new generation after half a minute', () => {
  const clock = createFakeClock();
  const gracePeriod = createGracePeriod(clock);
  const unknown: Problem = { reason: 'LedgerUnknown', message: '', failureClass: 'transient' };
  const reported: TeamStorage = { ...team(3), metadata: { ...team(3).metadata, generation: 3 } };
  const edited: TeamStorage = { ...reported, metadata: { ...reported.metadata, generation: 4, uid: 'edited' } };

  expect(gracePeriod.left(edited, unknown)).toBe(30_000);
  expect(gracePeriod.left(reported, unknown)).toBe(Number.POSITIVE_INFINITY);
  clock.advance(3_600_000);
  expect(gracePeriod.left(reported, unknown)).toBe(Number.POSITIVE_INFINITY);
  expect(gracePeriod.left(edited, unknown)).toBe(0);
});

it('reports at once what else has changed of an object that says already that a ledger is unknown', () => {
  const unknown: Problem = { reason: 'LedgerUnknown', message: '', failureClass: 'transient' };
  const ready = {
    type: 'Ready',
    status: 'Unknown' as const,
    reason: 'LedgerUnknown',
    message: '',
    lastTransitionTime: '',
    observedGeneration: 3,
  };
  const object: TeamStorage = { ...team(3), metadata: { ...team(3).metadata, generation: 3 } };
  const reported = { ...object, status: { ...object.status, observedGeneration: 3, conditions: [ready] } };
  expect(createGracePeriod(createFakeClock()).left(reported, unknown)).toBe(0);
});
