import { describe, expect, it } from '@jest/globals';
import {
  bucket,
  COMMA,
  EMPTY,
  entriesOf,
  instanceClaim,
  namesIn,
  onlyRecord,
  proven,
  team,
  update,
} from '../../../test/support/fakes/publication.ts';
import { omit } from '../../../test/support/fakes/omit.ts';
import type { S3CompatibleStorage, S3Storage } from '../bucket/storage.ts';
import type { Ledger } from './ledger.ts';
import type { LiveClaim } from './live-claim.ts';
import { renderOutputs } from './outputs.ts';
import { recoverLedger, type RecoveredLedger, type RecoveryContext, type StandingOutputs } from './recover-ledger.ts';
import { readSeal, sealOf } from './seal.ts';

const NAME = 'wandb-storage';
const NOW = '2026-06-01T00:00:00Z';
const PROVEN = '2026-01-01T00:00:00Z';
const AWS = { instance: { cloud: 'AWS' } } as const;
const AMBIENT = { kind: 'Ambient' } as const;
const s3 = (path = '', secretName?: string): S3Storage => ({
  ...{ provider: 'S3', name: 's', path, region: 'us-east-1' },
  credentials:
    secretName === undefined
      ? AMBIENT
      : { kind: 'AccessKey', secretName, accessKeyIdKey: 'a', secretAccessKeyKey: 'b' },
});

function ledgerOf(...claims: readonly LiveClaim[]): Ledger {
  return update(EMPTY, claims).ledger;
}

function standing(ledger: Ledger): StandingOutputs {
  const { secret, configMap, digest } = renderOutputs(ledger, NAME);
  return { secret, configMap, seal: readSeal(sealOf(ledger, digest)) };
}

/** The outputs with a Secret that somebody edited. */
function edited(
  ledger: Ledger,
  change: (secret: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
) {
  const outputs = standing(ledger);
  return { ...outputs, secret: change(outputs.secret ?? {}) };
}

/** The outputs with a listing of which only some lines are left. */
function listing(outputs: StandingOutputs, change: (lines: readonly string[]) => readonly string[]): StandingOutputs {
  const { configMap = {} } = outputs;
  const lines = (configMap['stores.yaml'] ?? '').split(/^(?=- )/m);
  return { ...outputs, configMap: { ...configMap, 'stores.yaml': change(lines).join('') } };
}

function recover(outputs: StandingOutputs, context: Partial<RecoveryContext> = {}): RecoveredLedger | undefined {
  return recoverLedger(outputs, { instance: 'wandb', format: COMMA, newSalt: 'f'.repeat(32), now: NOW, ...context });
}

function recovered(outputs: StandingOutputs, context: Partial<RecoveryContext> = {}): RecoveredLedger {
  const found = recover(outputs, context);
  if (found === undefined) throw new Error('not recovered');
  return found;
}

const omega = (): LiveClaim => proven(team('omega', bucket('b', 'teams/omega')), 'd1');
const wandb = (): LiveClaim => proven(instanceClaim(bucket('i', 'runs')), 'i1');
const without = (text: string) => (lines: readonly string[]) => lines.filter((line) => !line.includes(text));
const withLine = (line: string) => (lines: readonly string[]) => [...lines, line];

describe('a line of the listing', () => {
  it('gives its claim, team, place and times, and nothing that it does not hold', () => {
    const { ledger, unserved } = recovered(standing(ledgerOf(omega(), wandb())));
    const facts = { mode: 'AccessKey', boundAt: PROVEN, provenAt: PROVEN };
    const b = omit(bucket('b', 'teams/omega'), 'credentials');
    const i = omit(bucket('i', 'runs'), 'credentials');
    expect(ledger.claims).toStrictEqual([
      { ...facts, kind: 'TeamStorage', name: 'omega', team: 'omega', address: b, hasRow: true, boundRevision: 0 },
      { ...facts, kind: 'InstanceStorage', name: 'wandb', address: i, hasRow: false, boundRevision: 1 },
    ]);
    expect(ledger).not.toHaveProperty('knownHash');
    expect([...unserved]).toEqual([]);
  });

  it('dates the entry of its address alone; others count as proven now', () => {
    const late = proven(team('late', bucket('c')), 'd2', '2026-02-02T00:00:00Z');
    const outputs = standing(ledgerOf(omega(), late, wandb()));
    const times = (changed: StandingOutputs) => {
      const { rows, slot } = recovered(changed).ledger;
      return [...rows.map(({ address, provenAt }) => [address.name, provenAt]), ['slot', slot?.provenAt]];
    };
    expect(times(outputs)).toEqual([
      ['b', PROVEN],
      ['c', '2026-02-02T00:00:00Z'],
      ['slot', PROVEN],
    ]);
    expect(times(listing(outputs, without('omega')))[0]).toEqual(['b', NOW]);
  });

  it('that needs no entry does not stand for the entry of its bucket: that stays for good', () => {
    const native = proven(team('native', s3('n')), '');
    const { ledger: both } = update(EMPTY, [native, proven(team('keyed', s3('k', 'keys')), 'd1')], AWS);
    const { ledger } = recovered(listing(standing(both), without('keyed')));

    expect(namesIn(ledger)).toEqual(['', 'native']);
    expect(entriesOf(update(ledger, [], AWS).ledger)).toEqual(entriesOf(both));
  });
});

describe('an instance bucket', () => {
  const withKey = (): S3CompatibleStorage => ({ ...bucket('i', 'runs'), kmsKeyId: 'key-1' });

  it('keeps its KMS key, also in its record, and gives it to no team at the same place', () => {
    const ledger = ledgerOf(proven(instanceClaim(withKey()), 'i1'), proven(team('omega', withKey()), 'i1'));
    const found = recovered(standing(ledger)).ledger;

    expect(found.slot?.address).toMatchObject({ kmsKeyId: 'key-1' });
    expect(onlyRecord(found, { kind: 'InstanceStorage', name: 'wandb' }).address).toHaveProperty('kmsKeyId', 'key-1');
    expect(onlyRecord(found, { kind: 'TeamStorage', name: 'omega' }).address).not.toHaveProperty('kmsKeyId');
  });

  it.each<[string, (outputs: StandingOutputs) => StandingOutputs, readonly LiveClaim[]]>([
    ['is in no line', (outputs) => listing(outputs, without('InstanceStorage')), []],
    [
      'is in the line of a team alone',
      (outputs) => listing(outputs, without('InstanceStorage')),
      [proven(team('tau', bucket('i', 'runs')), 'i1')],
    ],
    [
      'is at another place than the line says',
      (outputs) => listing(outputs, (lines) => lines.map((line) => line.replace('/i/runs', '/i/former'))),
      [],
    ],
  ])('that %s gets a record of its own and stays', (_, change, others) => {
    const before = ledgerOf(wandb(), ...others);
    const { ledger } = recovered(change(standing(before)));
    const address = omit(bucket('i', 'runs'), 'credentials');

    expect(ledger.claims.filter((one) => one.kind === 'InstanceStorage')).toContainEqual({
      ...{ kind: 'InstanceStorage', name: 'wandb', address, mode: 'AccessKey', hasRow: false },
      ...{ boundRevision: 0, boundAt: NOW, provenAt: NOW },
    });
    expect(update(ledger, []).ledger.slot).toBe(ledger.slot);
    expect(ledger.slot?.address).toEqual(address);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['without the region', { BUCKET: 's3://b', Bucket: 'b', Provider: 's3', url: 's3://b' }],
    [
      'with a key beside it that differs',
      { BUCKET: 's3://b', Bucket: 'c', Provider: 's3', Region: 'r', url: 's3://b' },
    ],
  ])('on AWS by identity, %s, is left alone', (_, secret) => {
    expect(recover({ secret, configMap: undefined, seal: undefined })).toBeUndefined();
  });
});

describe('an entry without a key', () => {
  it('is of an identity: no digest, and nothing that was read', () => {
    const native = proven(team('native', s3('n')), '');
    const { ledger } = recovered(standing(ledgerOf(native)));
    expect(ledger.rows).toEqual([
      {
        address: { provider: 'S3', name: 's', path: '', region: 'us-east-1' },
        ...{ digest: '', source: AMBIENT, provenAt: PROVEN },
      },
    ]);
  });

  it.each([
    ['by identity', s3(), '', 'Ambient'],
    ['by key', bucket('b'), 'd1', 'AccessKey'],
  ] as const)('without a line is recorded with its sign-in: %s', (_, storage, key, mode) => {
    const outputs = standing(ledgerOf(proven(team('omega', storage), key)));
    const { ledger } = recovered(listing(outputs, () => ['[]']));
    expect(ledger.claims).toMatchObject([{ kind: 'TeamStorage', name: '', hasRow: true, mode }]);
  });
});

describe('CoreWeave by identity', () => {
  const identity = (name: string): LiveClaim =>
    proven(team(name, { provider: 'CoreWeave', name, path: 'p', credentials: AMBIENT }), '');
  const line = (name: string, address: string, entry: boolean): string =>
    `- claim: TeamStorage/${name}\n  address: ${address}\n  entry: ${String(entry)}\n  provenAt: ${PROVEN}\n`;
  const row = (name: string) => ({
    address: { provider: 'CoreWeave', name, path: '' },
    ...{ digest: '', source: AMBIENT, provenAt: PROVEN },
  });

  it('is the buckets that the listing names with an entry, one row for each', () => {
    const lines = (former: readonly string[]) => [
      ...former,
      line('again', 'cw://cwobject.com/one/other?tls=true', true),
      line('none', 'cw://cwobject.com/none?tls=true', false),
      line('keyed', 'cw://***:***@cwobject.com/keyed?tls=true', true),
      line('foreign', 's3://s3.us-east-1.amazonaws.com/s?region=us-east-1', true),
    ];
    const { ledger } = recovered(listing(standing(ledgerOf(identity('one'), identity('two'))), lines));
    expect(ledger.rows).toEqual([row('one'), row('two')]);
  });

  it('has no row where its entry does not stand', () => {
    const outputs = listing(standing(ledgerOf(omega())), withLine(line('cw', 'cw://cwobject.com/c?tls=true', true)));
    const { ledger, unserved } = recovered(outputs);
    expect(ledger.rows.map(({ address }) => address.name)).toEqual(['b']);
    expect([...unserved]).toEqual(['TeamStorage/cw']);
  });

  it('is taken over from an edited Secret, beside the entries that are confirmed', () => {
    const both = listing(standing(ledgerOf(omega())), withLine(line('cw', 'cw://cwobject.com/c?tls=true', true)));
    const secret = { STORES: `cw://,${both.secret?.['STORES'] ?? ''}` };
    const { ledger } = recovered({ ...both, secret });
    expect([ledger.rows.map(({ address }) => address.name), ledger.awaitsProof]).toEqual([['b', 'c'], true]);
  });
});

describe('from an edited Secret is not taken over', () => {
  const stores = (ledger: Ledger): string => standing(ledger).secret?.['STORES'] ?? '';

  it.each<[string, (entry: string) => string]>([
    ['an entry that cannot be read', (entry) => `ftp://what,${entry.replace('/b?', '/other?')}`],
    [
      'an entry in a region that is no part of a host',
      (entry) => `s3://id:x@s3.a.amazonaws.com/c?region=a%20b,${entry.replace('/b?', '/other?')}`,
    ],
    ['an entry that the operator writes differently', (entry) => `${entry}&x=y`],
    ['an entry at another address', (entry) => entry.replace('us-east-1', 'evil-1')],
  ])('%s', (_, change) => {
    const before = ledgerOf(omega());
    const { ledger, unserved } = recovered(edited(before, () => ({ STORES: change(stores(before)) })));

    expect([ledger.rows, ledger.awaitsProof, namesIn(ledger)]).toEqual([[], true, ['omega']]);
    expect([...unserved]).toEqual(['TeamStorage/omega']);
  });

  it('an entry whose line says that there is none', () => {
    const before = ledgerOf(omega());
    const outputs = edited(before, (secret) => ({ ...secret, BY_HAND: 'x' }));
    const changed = listing(outputs, (lines) => lines.map((line) => line.replace('entry: true', 'entry: false')));
    expect(recovered(changed).ledger.rows).toEqual([]);
  });

  it.each<[string, (secret: Readonly<Record<string, string>>) => Readonly<Record<string, string>>]>([
    ['an instance bucket whose key was edited', (secret) => ({ ...secret, SecretKey: 'edited' })],
    ['an instance bucket that was removed', (secret) => ({ STORES: secret['STORES'] ?? '' })],
    [
      'an instance bucket that the listing knows for a team',
      () => renderOutputs(ledgerOf(proven(instanceClaim(bucket('b', 'teams/omega')), 'd1')), NAME).secret,
    ],
  ])('%s', (_, change) => {
    const { ledger, unserved } = recovered(edited(ledgerOf(omega(), wandb()), change));

    expect(ledger).not.toHaveProperty('slot');
    expect(unserved).toContain('InstanceStorage/wandb');
  });
});

it('an instance bucket in a region that is none is not one: its ledger could not be read again', () => {
  const before = update(EMPTY, [proven(instanceClaim(s3('runs')), '')], AWS).ledger;
  expect(recovered(standing(before)).ledger.slot?.address.name).toBe('s');
  expect(recovered(edited(before, (secret) => ({ ...secret, Region: 'a b' }))).ledger).not.toHaveProperty('slot');
});

describe('an older ledger', () => {
  it('gives the sources of the same buckets, the instance bucket included', () => {
    const older = ledgerOf(omega(), wandb());
    const newer = ledgerOf(omega(), wandb(), proven(team('late', bucket('c')), 'd3'));
    const { ledger } = recovered(standing(newer), { older });
    const sources = ledger.rows.map(({ address, source }) => [address.name, source]);

    expect(sources).toEqual([
      ['b', bucket('b').credentials],
      ['c', undefined],
    ]);
    expect(ledger.slot?.source).toEqual(bucket('i').credentials);
    expect(recovered(standing(newer)).ledger.slot).not.toHaveProperty('source');
    expect(recovered(standing(newer), { older: ledgerOf(omega()) }).ledger.slot).not.toHaveProperty('source');
  });

  it('has no say in what is read from the outputs: an identity stays one', () => {
    const older = ledgerOf(proven(team('omega', s3('', 'keys')), 'd1'));
    const { rows } = recovered(standing(ledgerOf(proven(team('omega', s3()), ''))), { older }).ledger;
    expect(rows.map(({ source }) => source)).toEqual([AMBIENT]);
  });

  it('says where a team left its files, for that claim alone', () => {
    const left = proven(team('omega', bucket('b', 'teams/omega'), { filesLeftIn: 'wandb' }), 'd1');
    const both = ledgerOf(left, wandb());
    const { claims } = recovered(standing(both), { older: both }).ledger;
    expect(claims.map(({ name, filesLeftIn, policy }) => [name, filesLeftIn, policy])).toEqual([
      ['omega', 'wandb', 'Retain'],
      ['wandb', undefined, 'Retain'],
    ]);
    expect(claims[1]).not.toHaveProperty('filesLeftIn');
  });
});

describe('the hash that the server knows', () => {
  const HASH = 'a'.repeat(64);
  const known = (): Ledger => {
    const ledger = ledgerOf(omega());
    return { ...ledger, knownHash: { digest: renderOutputs(ledger, NAME).digest, hash: HASH } };
  };
  const hashIn = (outputs: StandingOutputs, context: Partial<RecoveryContext> = {}): string =>
    renderOutputs(recovered(outputs, context).ledger, NAME).server.hash;
  const shown = (text: string): StandingOutputs => {
    const { configMap, ...rest } = standing(known());
    return { ...rest, configMap: { ...configMap, 'secret-hash': text } };
  };

  it('is kept where the stored ledger publishes the same data under it', () => {
    expect(hashIn(standing(known()), { older: known() })).toBe(HASH);
  });

  it.each<[string, StandingOutputs, Partial<RecoveryContext>]>([
    ['that nothing but the ConfigMap shows', standing(known()), {}],
    ['of other data', standing(known()), { older: { ...known(), rows: [] } }],
    ['that is longer than one', shown(`${HASH}a`), { hash: `${HASH}a` }],
    ['that has something before it', shown(`x${HASH}`), { hash: `x${HASH}` }],
  ])('is not one %s', (_, outputs, context) => {
    expect(hashIn(outputs, context)).toBe(renderOutputs(omit(known(), 'knownHash'), NAME).digest);
  });

  it('is that of the status, where there is neither a seal nor a ConfigMap', () => {
    const outputs = { ...standing(known()), seal: undefined, configMap: undefined };
    expect(hashIn(outputs, { hash: HASH })).toBe(HASH);
  });
});
