import { expect, it } from '@jest/globals';
import type { TeamStorage } from '../../api/resources.ts';
import { requestedAt } from './validation-request.ts';

const OURS = 'storage.wandb.com/reconcile-requested-at';
const FLUX = 'reconcile.fluxcd.io/requestedAt';

it.each([
  ['no annotation', {}, undefined],
  ['a person', { [OURS]: 'now' }, 'now'],
  ['Flux', { [FLUX]: '2026-01-01T00:00:00.5Z' }, '2026-01-01T00:00:00.5Z'],
  [
    'Flux after a person',
    { [OURS]: '2026-01-01T00:00:00+01:00', [FLUX]: '2026-01-01T00:00:00Z' },
    '2026-01-01T00:00:00Z',
  ],
  ['a person after Flux', { [OURS]: '2026-01-02T00:00:00Z', [FLUX]: '2026-01-01T00:00:00Z' }, '2026-01-02T00:00:00Z'],
  ['Flux after a token that is no time', { [OURS]: 'again', [FLUX]: '2026-01-01T00:00:00Z' }, '2026-01-01T00:00:00Z'],
])('a request for a validation: %s', (_who, annotations, expected) => {
  const object = { metadata: { name: 'omega', annotations } } as unknown as TeamStorage;
  expect(requestedAt(object)).toBe(expected);
});

it('a token that no status can hold counts as what of it the status holds', () => {
  const metadata = { name: 'omega', annotations: { [OURS]: 'x'.repeat(2000) } };
  const object = { kind: 'TeamStorage', metadata } as unknown as TeamStorage;
  expect(requestedAt(object)).toBe(`${'x'.repeat(1023)}…`);
});
