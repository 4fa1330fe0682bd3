import { describe, expect, it } from '@jest/globals';
import { bucket, EMPTY, onlyRecord, proven, team, update } from '../../../test/support/fakes/publication.ts';
import { without } from '../../base/defined.ts';
import { Secret } from '../../base/secret.ts';
import type { Condition } from '../conditions/conditions.ts';
import type { Credential } from '../credentials/credential-types.ts';
import { credentialConflict } from './credential-conflict.ts';
import { rowOf } from './ledger.ts';
import { publishedGate, type CurrentInputs, type PublishedContext } from './published-gate.ts';

const B = bucket('b');
const omega = team('omega', B);
const { ledger } = update(EMPTY, [proven(omega, '11111111aaaa')]);
const record = onlyRecord(ledger, omega);
const row = rowOf(ledger, record)!;
const bad: Credential = { kind: 'AccessKey', accessKeyId: 'id-2', secretAccessKey: new Secret('hidden-2') };

const verdictOf = (
  current: CurrentInputs,
  extra: Partial<Parameters<typeof publishedGate>[0]> = {},
  context: Partial<PublishedContext> = {},
) => {
  const { status, reason, message } = publishedGate({ record, row, served: 'Yes', ...extra }, current, {
    secretName: 'wandb-storage',
    instance: 'wandb',
    previous: undefined,
    ...context,
  });
  return [status, reason, message];
};

describe('an entry that differs from the present inputs', () => {
  it('names the key that is published and the present one, by their fingerprints', () => {
    expect(verdictOf({ storage: B, digest: '22222222bbbb', credential: bad })).toEqual([
      'True',
      'LastKnownGood',
      'Secret wandb-storage keeps the last proven bucket and credential (access key ***, fingerprint 11111111) until the present ones (access key ***, fingerprint 22222222) are proven.',
    ]);
  });

  it('names only the published one until the present one was read', () => {
    const [, , message] = verdictOf({ storage: B });
    expect(message).toContain('fingerprint 11111111) until the present ones are proven.');
  });

  it('is Published where W&B signs in by its own identity: there is no key to read', () => {
    const byIdentity = { ...B, credentials: { kind: 'Ambient' } } as const;
    const entry = { row: { ...without(row, 'credential'), digest: '' }, record: without(record, 'digest') };
    expect(verdictOf({ storage: byIdentity }, entry)).toEqual([
      'True',
      'Published',
      'Secret wandb-storage holds the proven bucket.',
    ]);
    expect(verdictOf({ storage: B, digest: '22222222bbbb' }, entry)[1]).toBe('LastKnownGood');
  });

  it('is the last known where the claim asks for another instance by now, with the same bucket and key', () => {
    expect(verdictOf({ storage: B, digest: row.digest })[1]).toBe('Published');
    expect(verdictOf({ storage: B, digest: row.digest }, {}, { leavesFor: 'lab' })).toEqual([
      'True',
      'LastKnownGood',
      'Secret wandb-storage keeps the last proven bucket and credential (access key ***, fingerprint 11111111) until they are proven and published for InstanceStorage lab.',
    ]);
  });

  it('names the key that the others on the bucket keep', () => {
    const [, reason, message] = verdictOf({ storage: B, digest: '2', credential: bad }, { waitsFor: ['kappa'] });
    expect(reason).toBe('RotationHeld');
    expect(message).toContain('fingerprint 11111111): the bucket has one entry, and kappa on the same bucket');
  });

  it('holds no character of a secret', () => {
    expect(JSON.stringify(verdictOf({ storage: B, digest: '22222222bbbb', credential: bad }))).not.toContain('hidden');
  });
});

describe('the announcement of a publication', () => {
  const present = { storage: B, digest: '22222222bbbb', credential: bad };
  const forbidden = {
    reason: 'PublishFailed',
    message: 'The API server refused it: 403.',
    remedy: 'Allow it.',
    failureClass: 'reference',
  } as const;

  it('names what keeps a proven key from being published', () => {
    const [, reason, message] = verdictOf({ ...present, isProven: true }, {}, { problem: forbidden });
    expect(reason).toBe('LastKnownGood');
    expect(message).toMatch(/are proven and are not published yet\. The API server refused it: 403\. Allow it\.$/);
  });

  it('promises nothing to a claim that may have no other bucket', () => {
    const [, reason, message] = verdictOf({});
    expect(reason).toBe('LastKnownGood');
    expect(message).toMatch(/ credential \(access key \*\*\*, fingerprint 11111111\)\.$/);
  });

  it('promises no publication by a validation that writes nothing', () => {
    const [status, reason, message] = verdictOf({ storage: B }, { record: undefined as never }, { isReadOnly: true });
    expect([status, reason]).toEqual(['False', 'AwaitingProof']);
    expect(message).toContain('with spec.validation.mode ReadOnly it gets none');
    expect(message).not.toContain('once its bucket has passed');
    expect(verdictOf(present, {}, { isReadOnly: true })[2]).toContain(
      'are proven, which takes spec.validation.mode Full.',
    );
  });

  it('names no check to a claim that has passed them all', () => {
    const [, reason, message] = verdictOf({ ...present, isProven: true }, { served: 'No' });
    expect(reason).toBe('AwaitingProof');
    expect(message).toMatch(/: its bucket has passed every required check and is to be published next\.$/);
  });

  it('reports to a member of a shared Secret that its new key is not proven for it, and suggests no other Secret', () => {
    const rotated = { ...row, digest: '33333333cccc' };
    const [status, reason, message] = verdictOf({ storage: B }, { row: rotated });
    expect([status, reason]).toEqual(['False', 'AwaitingProof']);
    expect(message).toContain('It has not been proven for this claim yet.');
    expect(message).not.toContain('Use the Secret');
    expect(verdictOf({ storage: bucket('b', '', 'own') }, { row: rotated })[2]).toContain('Use the Secret');
  });
});

describe('what is not known, or not needed', () => {
  const present = { storage: B, digest: row.digest };
  const passing = { reason: 'InternalError', message: 'etcd.', remedy: 'Wait.', failureClass: 'transient' } as const;
  const lasting = {
    reason: 'InstanceNotFound',
    message: 'None.',
    remedy: 'Create it.',
    failureClass: 'reference',
  } as const;
  const before: Condition = {
    ...{ type: 'Published', status: 'True', reason: 'Published', message: 'As it was.' },
    ...{ observedGeneration: 1, lastTransitionTime: '2026-01-01T00:00:00Z' },
  };
  const gate = (context: Partial<PublishedContext>, publication?: Parameters<typeof publishedGate>[0]) =>
    publishedGate(publication, present, {
      ...{ secretName: 'wandb-storage', instance: 'wandb', previous: undefined },
      ...context,
    });

  it('keeps what was reported last until the Secret has been read', () => {
    const { type, status, reason, message } = before;
    const kept = { type, status, reason, message, failureClass: 'transient' };
    expect(gate({ previous: before, problem: lasting })).toEqual(kept);
    expect(gate({ previous: before }, { served: 'Unknown', record, row })).toEqual(kept);
  });

  it.each([
    ['nothing', undefined],
    ['that it was not known', { ...before, status: 'Unknown', reason: 'OutputsUnknown' }],
  ] as const)('reports that it was not read, where the last report was %s', (_, previous) => {
    const unread = { type: 'Published', status: 'Unknown', reason: 'OutputsUnknown', failureClass: 'transient' };
    const message = 'The published Secret has not been read yet.';
    expect(gate({ previous })).toEqual({ ...unread, message });
    expect(gate({ previous, problem: passing })).toEqual({ ...unread, message: `${message} etcd. Wait.` });
    expect(gate({ previous, problem: lasting })).toMatchObject({
      ...{ type: 'Published', status: 'False', reason: 'InstanceNotFound', message: 'None. Create it.' },
      failureClass: 'reference',
    });
  });

  it('is True where W&B needs no entry', () => {
    expect(gate({ problem: lasting }, { served: 'NotNeeded', record })).toEqual({
      type: 'Published',
      status: 'True',
      reason: 'NoEntryNeeded',
      message: 'W&B reaches this bucket by its own identity: it needs no entry among the file stores.',
    });
  });

  it('names why there is no entry: first why the proof was not placed, then why nothing can be published', () => {
    const refusal = credentialConflict('bucket b', 'TeamStorage kappa', 'wandb');
    const reasonOf = (publication: Parameters<typeof publishedGate>[0], context = {}) =>
      gate(context, publication).reason;
    expect(reasonOf({ served: 'No', refusal }, { problem: lasting })).toBe('CredentialConflict');
    expect(reasonOf({ served: 'No', record, refusal }, { problem: lasting })).toBe('CredentialConflict');
    expect(reasonOf({ served: 'No' }, { problem: lasting })).toBe('InstanceNotFound');
    expect(reasonOf({ served: 'No', record, row, refusal }, { problem: lasting })).toBe('InstanceNotFound');
    expect(gate({}, { served: 'No', record, row })).toEqual({
      type: 'Published',
      status: 'False',
      reason: 'AwaitingProof',
      message:
        'No entry in Secret wandb-storage is known to be for this storage: it gets one once its bucket has passed every required check.',
      failureClass: 'external',
    });
  });
});

describe('an entry that stands', () => {
  const present = { storage: B, digest: row.digest };

  it('says why the newest proof was not placed', () => {
    const refusal = {
      reason: 'FileStoresFull',
      message: 'Full.',
      remedy: 'Remove some.',
      failureClass: 'external',
    } as const;
    expect(verdictOf(present, { refusal })).toEqual([
      'True',
      'LastKnownGood',
      'Secret wandb-storage keeps the last proven bucket and credential (access key ***, fingerprint 11111111). Full. Remove some.',
    ]);
  });

  it('names five of those that must prove the new key, and that there are more', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(verdictOf(present, { waitsFor: names })[2]).toContain('and a, b, c, d, e and others on the same bucket');
    expect(verdictOf(present, { waitsFor: names.slice(1) })[2]).toContain('and b, c, d, e, f on the same bucket');
    expect(verdictOf(present, { waitsFor: [] })[1]).toBe('Published');
  });

  it('is the last known where the claim names another bucket, path or address, or none', () => {
    for (const storage of [bucket('other'), bucket('b', 'sub'), { ...B, region: 'eu-west-1' }])
      expect([storage, verdictOf({ ...present, storage })[1]]).toEqual([storage, 'LastKnownGood']);
    expect(verdictOf({ digest: row.digest })[1]).toBe('LastKnownGood');
  });

  it('is a conflict where its credential comes from elsewhere, or from nowhere that is known', () => {
    const rotated = { ...row, digest: '33333333cccc' };
    const bare = { ...without(row, 'source'), digest: '33333333cccc' };
    expect(verdictOf({}, { row: rotated })[1]).toBe('CredentialConflict');
    expect(verdictOf({ storage: B }, { row: bare })[1]).toBe('CredentialConflict');
    expect(verdictOf({ storage: { ...B, region: 'eu-west-1' } }, { row: rotated })[1]).toBe('CredentialConflict');
    expect(verdictOf({ storage: B }, { row: rotated })[1]).toBe('AwaitingProof');
  });
});
