import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { atLeast } from '../../../test/support/property-runs.ts';
import { anyFormat, anyLedger, ledgerOf } from '../../../test/support/fakes/arbitrary-stores.ts';
import {
  bucket,
  COMMA,
  EMPTY,
  entriesOf,
  evidence,
  instanceClaim,
  namesIn,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import { Secret } from '../../base/secret.ts';
import { claimId, recordId, type FileStoresFormat, type Ledger } from './ledger.ts';
import { renderOutputs, type OutputData } from './outputs.ts';
import { recoverLedger, unservedBy, type RecoveredLedger, type StandingOutputs } from './recover-ledger.ts';
import { readSeal, sealOf } from './seal.ts';

const NAME = 'wandb-storage';
const NEW_SALT = 'ffffffffffffffffffffffffffffffff';
const NOW = '2026-06-01T00:00:00Z';

function standing(ledger: Ledger, isSealed = true): StandingOutputs {
  const outputs = renderOutputs(ledger, NAME);
  return {
    secret: outputs.secret,
    configMap: outputs.configMap,
    seal: isSealed ? readSeal(sealOf(ledger, outputs.digest)) : undefined,
  };
}

function recover(
  outputs: StandingOutputs,
  older?: Ledger,
  format: FileStoresFormat = COMMA,
  hash?: string,
): RecoveredLedger | undefined {
  return recoverLedger(outputs, {
    instance: 'wandb',
    format,
    newSalt: NEW_SALT,
    now: NOW,
    ...(older !== undefined && { older }),
    ...(hash !== undefined && { hash }),
  });
}

function recovered(outputs: StandingOutputs, older?: Ledger): RecoveredLedger {
  const found = recover(outputs, older);
  if (found === undefined) throw new Error('not recovered');
  return found;
}

function bytesOf(ledger: Ledger): readonly [OutputData, OutputData] {
  const { secret, configMap } = renderOutputs(ledger, NAME);
  return [secret, configMap];
}

describe('any ledger that was lost', () => {
  it.each([
    ['with its seal', true],
    ['published without a seal, as b57b588 did', false],
  ])('is made again, %s, and renders the same bytes (property)', (_, isSealed) => {
    fc.assert(
      fc.property(anyLedger, anyFormat, (ledger, spec) => {
        const found = recover(standing(ledger, isSealed), undefined, spec);
        if (found === undefined) throw new Error('not recovered');
        expect(bytesOf(found.ledger)).toEqual(bytesOf(ledger));
        expect(found.ledger.awaitsProof).toBeUndefined();
        expect(found.ledger.salt.reveal()).toBe(isSealed ? ledger.salt.reveal() : NEW_SALT);
        expect(found.ledger.revision).toBe(isSealed ? ledger.revision : 0);
        expect(found.ledger.rows).toHaveLength(ledger.rows.length);
        expect(new Set(found.ledger.claims.map(recordId))).toEqual(new Set(ledger.claims.map(recordId)));
        // Facts that only the ledger held are unknown.
        for (const { policy, uid, digest } of found.ledger.claims)
          expect([policy, uid, digest]).toEqual([undefined, undefined, undefined]);
      }),
      atLeast(300),
    );
  });

  it('keeps a hash that is known to the server under its own salt (property)', () => {
    fc.assert(
      fc.property(anyLedger, fc.boolean(), (ledger, isSealed) => {
        const { digest } = renderOutputs(ledger, NAME);
        const known = { ...ledger, knownHash: { digest, hash: 'a'.repeat(64) } };
        const found = recover(standing(known, isSealed), undefined, ledger.written, 'a'.repeat(64));
        expect(found && renderOutputs(found.ledger, NAME).server.hash).toBe('a'.repeat(64));
      }),
    );
  });

  it('does not take a hash from a ConfigMap that was edited, where the seal has the right one (property)', () => {
    fc.assert(
      fc.property(anyLedger, fc.constantFrom(undefined, 'b'.repeat(64)), (ledger, hash) => {
        const { digest } = renderOutputs(ledger, NAME);
        const edited = { ...ledger, knownHash: { digest, hash: 'a'.repeat(64) } };
        const found = recover(standing(edited, true), undefined, ledger.written, hash);
        expect(found && renderOutputs(found.ledger, NAME).server.hash).toBe(digest);
      }),
    );
  });

  it('loses no entry with any listing (property)', () => {
    fc.assert(
      fc.property(
        anyLedger,
        fc.constantFrom(undefined, '', '[]', 'not: [yaml', '- {}\n- 5\n- claim: x'),
        (ledger, listing) => {
          // the entry of CoreWeave by identity names no bucket: without the listing it cannot be read back.
          fc.pre(
            !ledger.rows.some(
              ({ address, credential }) => address.provider === 'CoreWeave' && credential === undefined,
            ),
          );
          const { configMap, ...outputs } = standing(ledger);
          const rest = omit(configMap ?? {}, 'stores.yaml');
          const found = recover(
            { ...outputs, configMap: { ...rest, ...(listing !== undefined && { 'stores.yaml': listing }) } },
            undefined,
            ledger.written,
          );
          expect(found && bytesOf(found.ledger)[0]).toEqual(outputs.secret);
        },
      ),
    );
  });
});

// The table "When something is lost" in docs/explanation/publishing.md.
const omega = team('omega', bucket('b', 'teams/omega'), { deletionPolicy: 'Remove' });
const kappa = team('kappa', bucket('c'), { deletionPolicy: 'Remove' });
const wandb = instanceClaim(bucket('i'));
const LEDGER = update(EMPTY, [proven(omega, 'd1'), proven(kappa, 'd2'), proven(wandb, 'i1')]).ledger;
const [OMEGA_ENTRY = '', KAPPA_ENTRY = ''] = entriesOf(LEDGER);

describe('what is found', () => {
  it('seal good: salt and revision from it, each entry a row; an entry that the listing does not name stays for good', () => {
    const { configMap = {}, ...outputs } = standing(LEDGER);
    const lines = (configMap['stores.yaml'] ?? '').split(/^(?=- )/m).filter((line) => !line.includes('kappa'));
    const { ledger } = recovered({ ...outputs, configMap: { ...configMap, 'stores.yaml': lines.join('') } });

    expect(ledger.salt.reveal()).toBe(LEDGER.salt.reveal());
    expect(ledger.revision).toBe(LEDGER.revision);
    expect(entriesOf(ledger)).toEqual(entriesOf(LEDGER));
    expect(namesIn(ledger)).toEqual(['', 'omega', 'wandb']);
    const after = update(ledger, [], { evidence: evidence.gone(omega, kappa) }).ledger;
    expect(entriesOf(after)).toEqual(entriesOf(LEDGER));
  });

  it('seal good: a record of the instance at the same place and another address keeps its line', () => {
    const elsewhere = { ...bucket('i'), region: 'eu-west-1' };
    const claims = LEDGER.claims.map((record) =>
      record.kind === 'InstanceStorage' ? { ...record, address: elsewhere } : record,
    );
    const ledger = { ...LEDGER, claims };

    expect(bytesOf(recovered(standing(ledger)).ledger)).toEqual(bytesOf(ledger));
  });

  it('seal good: an unknown policy counts as Retain until the claim is seen alive', () => {
    const { ledger } = recovered(standing(LEDGER));
    expect(update(ledger, [], { evidence: evidence.gone(omega, kappa) }).ledger).toBe(ledger);

    const seen = update(ledger, [omega]).ledger;
    expect(entriesOf(update(seen, [], { evidence: evidence.gone(omega) }).ledger)).toEqual([KAPPA_ENTRY]);
  });

  it('seal bad: rows that the listing confirms by address; what it does not confirm is not taken over', () => {
    const outputs = standing(LEDGER);
    const foreign = 's3://id:x@minio.example/evil?region=us-east-1&tls=true';
    const secret = { ...outputs.secret, STORES: `${outputs.secret?.['STORES'] ?? ''},${foreign}` };
    const found = recovered({ ...outputs, secret });

    expect(found.ledger.awaitsProof).toBe(true);
    expect(entriesOf(found.ledger)).toEqual([OMEGA_ENTRY, KAPPA_ENTRY]);
    expect(found.ledger.slot?.address.name).toBe('i');
  });

  it.each([
    ['another bucket', bucket('evil')],
    ['another path', bucket('i', 'evil')],
    ['another address', { ...bucket('i'), region: 'evil-1' }],
  ])('seal bad: an instance bucket that the listing does not confirm is not taken over (%s)', (_, storage) => {
    const { secret } = renderOutputs(update(EMPTY, [proven(instanceClaim(storage), 'evil')]).ledger, NAME);
    const { ledger, unserved } = recovered({ ...standing(LEDGER), secret });

    expect(ledger.slot).toBeUndefined();
    expect(unserved).toContain('InstanceStorage/wandb');
    expect(renderOutputs(update(ledger, [proven(wandb, 'i1')]).ledger, NAME).secret['BUCKET']).toBe(
      standing(LEDGER).secret?.['BUCKET'],
    );
  });

  it('seal bad: a key that was added by hand hides no file store', () => {
    const outputs = standing(LEDGER);
    const { ledger } = recovered({ ...outputs, secret: { A_NOTE: 'do not touch', ...outputs.secret } });
    expect(ledger.written).toEqual(LEDGER.written);
    expect(entriesOf(ledger)).toEqual(entriesOf(LEDGER));

    const after = update(ledger, [proven(omega, 'd1')]).ledger;
    expect(renderOutputs(after, NAME).secret).toEqual(outputs.secret);
  });

  it('seal bad: the outputs are left alone until something is proven', () => {
    const outputs = standing(LEDGER);
    const { ledger } = recovered({ ...outputs, secret: { ...outputs.secret, BY_HAND: 'x' } });
    const followed = update(ledger, [omega, kappa]).ledger;
    expect([followed === ledger, followed.awaitsProof]).toEqual([false, true]);
    const refused = update(followed, [proven(omega, 'longer-key')], { maxBytes: 1 }).ledger;
    expect(refused.awaitsProof).toBe(true);

    const after = update(refused, [proven(omega, 'd9')]).ledger;
    expect(after).not.toHaveProperty('awaitsProof');
    expect(after.revision).toBe(followed.revision + 1);
  });

  it('no seal: all entries, a new salt, and the hash that stands is kept so that nothing is restarted', () => {
    const outputs = standing(LEDGER, false);
    const { ledger } = recovered(outputs);

    expect(ledger.salt.reveal()).toBe(NEW_SALT);
    expect(renderOutputs(ledger, NAME).server.hash).toBe(outputs.configMap?.['secret-hash']);
    const changed = update(ledger, [proven(kappa, 'd9')]).ledger;
    expect(renderOutputs(changed, NAME).server.hash).not.toBe(outputs.configMap?.['secret-hash']);
  });

  it.each<[string, Partial<StandingOutputs>]>([
    ['a line with entry: true and no entry', { secret: { STORES: KAPPA_ENTRY }, seal: undefined }],
    ['a listing without a Secret', { secret: undefined, seal: undefined }],
  ])('%s: a bound record that is served by nothing', (_, changes) => {
    const found = recovered({ ...standing(LEDGER), ...changes });

    expect(namesIn(found.ledger)).toEqual(['kappa', 'omega', 'wandb']);
    expect(found.unserved.has(claimId(omega))).toBe(true);
    expect(found.unserved).toEqual(unservedBy(found.ledger));
    const again = update(found.ledger, [proven(omega, 'd5')]).ledger;
    expect(unservedBy(again).has(claimId(omega))).toBe(false);
  });

  it('an older ledger: it serves for what is retained and for sources, never for entries or for what may leave', () => {
    const newer = update(LEDGER, [proven(omega, 'd7'), kappa, wandb]).ledger;
    const found = recovered(standing(newer), LEDGER);

    expect(entriesOf(found.ledger)).toEqual(entriesOf(newer));
    expect(found.ledger.revision).toBe(newer.revision);
    const policies = ({ claims }: Ledger) => new Map(claims.map((record) => [recordId(record), record.policy]));
    const sources = ({ rows }: Ledger) => new Map(rows.map(({ address, source }) => [address.name, source]));
    const retained = (policy?: string) => (policy === 'Retain' ? policy : undefined);
    expect(policies(found.ledger)).toEqual(
      new Map([...policies(LEDGER)].map(([id, policy]) => [id, retained(policy)] as const)),
    );
    expect([...policies(LEDGER).values()].sort()).toEqual(['Remove', 'Remove', 'Retain']);
    const { ledger: after } = update(found.ledger, [], { evidence: evidence.gone(omega, kappa) });
    expect(entriesOf(after)).toEqual(entriesOf(newer));
    expect(sources(found.ledger)).toEqual(sources(newer));
  });

  it('an older ledger with a higher revision never sets it back', () => {
    expect(recovered(standing(LEDGER), { ...LEDGER, revision: 99 }).ledger.revision).toBe(99);
  });

  it('the same key that is proven again after a recovery is no rotation', () => {
    const { ledger } = recovered(standing(ledgerOf([])), undefined);
    expect(ledger.rows).toEqual([]);
    const one = { ...LEDGER, rows: LEDGER.rows.map((row) => ({ ...row, digest: '' })) };
    const { rows } = recovered(standing(one)).ledger;
    // Digests are of the credential and the salt: what is read back has what a proof of today's input would have.
    expect(rows.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest))).toBe(true);
    expect(rows.map(({ rotatedAt }) => rotatedAt)).toEqual([undefined, undefined]);
  });
});

describe('nothing is written over', () => {
  it.each<[string, OutputData]>([
    ['an unreadable entry', { STORES: 'ftp://what/is?this' }],
    ['an entry that would be written differently', { STORES: KAPPA_ENTRY.replace('tls=true', 'tls=true&x=y') }],
    ['an entry whose key is redacted', { STORES: 's3://***:***@minio.example/c?region=us-east-1&tls=true' }],
    ['an unreadable instance bucket', { BUCKET: 'file:///tmp' }],
    ['an instance bucket that is not percent-encoded', { BUCKET: 's3://runs%data/a', Region: 'eu-central-1' }],
    ['an instance bucket whose keys were edited', { ...renderOutputs(LEDGER, NAME).secret, SecretKey: 'edited' }],
    ['a key that no version wrote', { ...renderOutputs(LEDGER, NAME).secret, other: 'x' }],
    ['two variables that differ', { STORES: KAPPA_ENTRY, OTHER: OMEGA_ENTRY }],
  ])('%s', (_, secret) => {
    expect(recover({ secret, seal: undefined, configMap: undefined })).toBeUndefined();
  });
});

it('holds its salt as a secret', () => {
  expect(recovered(standing(LEDGER)).ledger.salt).toBeInstanceOf(Secret);
});
