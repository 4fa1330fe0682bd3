import { describe, expect, it } from '@jest/globals';
import { PAGES } from '../../test/support/documented-codes/index.ts';
import { codesIn, SETTING, type Dialect, type DocumentedPage } from '../../test/support/documented-codes/page.ts';
import { neverMade, READERS } from '../../test/support/documented-codes/replay.ts';
import type { ErrorCodes } from '../domain/observations/error-codes.ts';
import { AZURE_CODES, ENTRA_CODES } from './azure/error-codes.ts';
import { GCS_CODES, GOOGLE_IAM_CODES, GOOGLE_STS_CODES } from './gcs/error-codes.ts';
import { NEVER_MADE_CODES, S3_CODES, S3_MESSAGES, STS_CODES } from './s3/error-codes.ts';

const TABLES: Readonly<Record<Dialect, ErrorCodes>> = {
  s3: S3_CODES,
  azure: AZURE_CODES,
  gcs: GCS_CODES,
  sts: STS_CODES,
  'google sts': GOOGLE_STS_CODES,
  'google iam': GOOGLE_IAM_CODES,
  entra: ENTRA_CODES,
};

/** A status that means nothing, so that only a row can decide. */
const NO_STATUS = 418;

/** Codes are the same word in both APIs of GCS, but for the first letter. */
function wordOf(dialect: Dialect, code: string): string {
  const isReason = dialect === 'gcs' && code !== code.toUpperCase();
  return isReason ? code.charAt(0).toLowerCase() + code.slice(1) : code;
}

/** The codes of one part of a page, each with the key under which it stands. */
function codesOf(part: Readonly<Record<string, string>>) {
  return Object.entries(part).flatMap(([key, text]) => codesIn(text).map((given) => ({ key, ...given })));
}

describe.each(PAGES.map((page) => [page.provider, page] as const))('%s', (_, page) => {
  const read = READERS[page.dialect];
  const rows = codesOf(page.rows);

  it('has each code in one part, and none in another form', () => {
    const all = [...rows, ...codesOf(page.general), ...codesOf(page.unmet)];
    const names = all.map(({ status, code }) => `${status} ${code}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.filter((name) => !/^[1-5]\d\d [A-Za-z][\w.:]*$/.test(name))).toEqual([]);
    const both = new Set(rows.map(({ code }) => code));
    expect(codesOf({ ...page.general, ...page.unmet }).filter(({ code }) => both.has(code))).toEqual([]);
  });

  it('has rows that say what a code means, whatever the status is', async () => {
    for (const { key, status, code } of rows) {
      const seen = [...(await read({ status, code })), ...(await read({ status: NO_STATUS, code }))];
      expect([code, ...new Set(seen)]).toEqual([code, key]);
    }
  });

  it('has general codes, which mean what their status means', async () => {
    const meanings = new Map<string, readonly string[]>();
    for (const { key, status, code } of codesOf(page.general)) {
      const other = unknownLike(page, code);
      const means = meanings.get(`${status} ${other}`) ?? (await read({ status, code: other }));
      meanings.set(`${status} ${other}`, means);
      expect([key, code, await read({ status, code })]).toEqual([key, code, means]);
    }
  });

  it('has codes with several meanings, which the sentence distinguishes', async () => {
    for (const [status, code, message, means] of page.said ?? []) {
      expect([message, ...new Set(await read({ status, code, message }))]).toEqual([message, means]);
    }
  });
});

/** A code that no table has, in the form of another one. */
function unknownLike({ dialect }: DocumentedPage, code: string): string {
  if (dialect === 'entra') return 'AADSTS1';
  return code === code.toUpperCase() ? 'OF_TOMORROW' : 'ofTomorrow';
}

describe('the tables of codes', () => {
  it.each(Object.entries(TABLES) as [Dialect, ErrorCodes][])('of %s hold only codes of a page', (dialect, table) => {
    const documented = PAGES.filter((page) => page.dialect === dialect)
      .flatMap(({ rows }) => codesOf(rows as Readonly<Record<string, string>>))
      .map(({ code }) => wordOf(dialect, code));
    const unknown = Object.values(table)
      .flat()
      .filter((code) => !documented.includes(code));
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(TABLES))('of %s have each code once', (_, table) => {
    const codes = Object.values(table).flat();
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  });

  it('hold only sentences of a page', () => {
    const said = PAGES.flatMap((page) => page.said ?? []);
    const unused = S3_MESSAGES.filter(
      ([code, pattern, kind]) =>
        !said.some(([, of, text, means]) => of === code && means === kind && pattern.test(text)),
    );
    expect(unused).toEqual([]);
  });
});

describe('a setting that was never made', () => {
  const codes = PAGES.flatMap(({ provider, general }) =>
    codesIn(general[SETTING] ?? '').map(({ status, code }) => [provider, status, code] as const),
  );

  it.each(codes)('of %s (%i %s) is no failure', async (_provider, status, code) => {
    expect(await neverMade({ status, code })).toBe('ok');
  });

  it('has only codes of a page', () => {
    expect(NEVER_MADE_CODES.filter((known) => !codes.some(([, , code]) => code === known))).toEqual([]);
  });
});
