import { describe, expect, it } from '@jest/globals';
import { azureBlob } from '../../../test/support/fakes/observations.ts';
import type { Row } from '../publication/ledger.ts';
import { rotation, type Rotation, type ServerRun } from './status-fields.ts';

const ROW: Row = {
  address: azureBlob,
  digest: 'd',
  provenAt: '2026-01-01T00:00:00Z',
  rotatedAt: '2026-01-01T00:00:00Z',
};

function safeAfter(server: ServerRun, previous?: Rotation): string | undefined {
  return rotation('f', ROW, { previous, server }).previousKeySafeToRevokeAfter;
}

describe('when the former key may be revoked', () => {
  it('is absent where others restart the server at an unknown time', () => {
    expect(safeAfter({ kind: 'Unmanaged' })).toBeUndefined();
  });

  it('a day after the rotation where the server runs with the new one since an unknown time', () => {
    expect(safeAfter({ kind: 'Current' })).toBe('2026-01-02T00:00:00Z');
  });

  it('not before the server runs with the new one', () => {
    expect(safeAfter({ kind: 'Pending' })).toBeUndefined();
  });

  it('a day after the server came to run with the new one', () => {
    expect(safeAfter({ kind: 'Current', since: '2026-01-01T00:07:00Z' })).toBe('2026-01-02T00:07:00Z');
  });

  it('does not change once reported, also while a later config is rolled out', () => {
    const previous = {
      credentialFingerprint: 'f',
      rotatedAt: '2026-01-01T00:00:00Z',
      previousKeySafeToRevokeAfter: '2026-01-02T00:07:00Z',
    };
    expect(safeAfter({ kind: 'Pending' }, previous)).toBe('2026-01-02T00:07:00Z');
    expect(safeAfter({ kind: 'Current', since: '2026-01-05T00:00:00Z' }, previous)).toBe('2026-01-02T00:07:00Z');
  });

  it('ignores the time of an earlier rotation', () => {
    const previous = {
      credentialFingerprint: 'f',
      rotatedAt: '2025-12-31T23:59:00Z',
      previousKeySafeToRevokeAfter: '2026-01-01T23:59:00Z',
    };
    expect(safeAfter({ kind: 'Pending' }, previous)).toBeUndefined();
  });
});
