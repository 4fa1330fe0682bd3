import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/fakes/publication.ts';
import { Secret } from '../../base/secret.ts';
import type { Credential } from '../credentials/credential-types.ts';
import { rowOf } from './ledger.ts';
import { publishedGate, type CurrentInputs } from './published-gate.ts';

const B = bucket('b');
const omega = team('omega', B);
const { ledger } = update(EMPTY, [proven(omega, '11111111aaaa')]);
const record = onlyRecord(ledger, omega);
const row = rowOf(ledger, record)!;
const bad: Credential = { kind: 'AccessKey', accessKeyId: 'id-2', secretAccessKey: new Secret('hidden-2') };

const said = (current: CurrentInputs, extra: Partial<Parameters<typeof publishedGate>[0]> = {}) => {
  const { status, reason, message } = publishedGate({ record, row, served: 'Yes', ...extra }, current, {
    secretName: 'wandb-storage',
    instance: 'wandb',
    previous: undefined,
  });
  return [status, reason, message];
};

describe('what is said of an entry that is not that of today', () => {
  it('names the key that is published and the present one, by their fingerprints', () => {
    expect(said({ storage: B, digest: '22222222bbbb', credential: bad })).toEqual([
      'True',
      'LastKnownGood',
      'Secret wandb-storage keeps the last proven bucket and credential (access key id-1***aaaa, fingerprint 11111111) until the present ones (access key id***, fingerprint 22222222) are proven.',
    ]);
  });

  it('names the published one alone while nobody has read the present one', () => {
    const [, , message] = said({ storage: B });
    expect(message).toContain('fingerprint 11111111) until the present ones are proven.');
  });

  it('names the key that the others on the bucket keep', () => {
    const [, reason, message] = said({ storage: B, digest: '2', credential: bad }, { waitsFor: ['kappa'] });
    expect(reason).toBe('RotationHeld');
    expect(message).toContain('fingerprint 11111111): the bucket has one entry, and kappa on the same bucket');
  });

  it('holds no character of a secret', () => {
    expect(JSON.stringify(said({ storage: B, digest: '22222222bbbb', credential: bad }))).not.toContain('hidden');
  });
});
