import { compareCredentials } from './same-bucket.ts';
import type { Finding } from './finding.ts';
import type { FoundBucket } from './found-bucket.ts';
import type { Read } from './address-context.ts';
import { readAddress } from './read-address.ts';

/** Reads the value of `SUPPORTED_FILE_STORES`: addresses that are separated by a comma, a semicolon, a bar or white space. */
export function readFileStores(
  value: string,
  context: { readonly at: string; readonly region?: string },
): Read<readonly FoundBucket[]> {
  const entries = splitList(value);
  const read = entries.map((text, index) => {
    const at = entries.length === 1 ? context.at : `${context.at}[${index + 1}]`;
    const region = context.region === undefined ? {} : { region: context.region };
    return { at, ...readAddress(text, { at, kind: 'FileStore', ...region }) };
  });
  const found = read.flatMap(({ at, value: bucket }) => (bucket === undefined ? [] : [{ at, bucket }]));
  const isAlone = found.length === 1;
  const identities = found.filter(({ bucket }) => bucket.provider === 'CoreWeave' && bucket.name === undefined);
  const { kept, findings } = compareCredentials(found);
  return {
    value: kept,
    findings: [
      ...emptyEntries(value, context.at),
      ...read.flatMap((one) => one.findings),
      ...(isAlone ? [] : identities.map(({ at }): Finding => ({ code: 'CoreWeaveIdentityNotAlone', at }))),
      ...findings,
    ],
  };
}

/** A key that is not encoded may hold a separator, so entries are split only where the next one begins with a scheme. */
function splitList(value: string): readonly string[] {
  return value
    .trim()
    .replace(/^[[\s"',;|]+|[\]\s"',;|]+$/g, '')
    .split(/["']?\s*[,;|\s]\s*["']?(?=[a-zA-Z][a-zA-Z0-9+.-]*:\/\/)/)
    .map((entry) => entry.replace(/[\s,;|]+$/, ''))
    .filter((entry) => entry !== '');
}

function emptyEntries(value: string, at: string): readonly Finding[] {
  return /^\s*[,;|]|[,;|]\s*[,;|]|[,;|]\s*$/.test(value) ? [{ code: 'EmptyEntry', at }] : [];
}
