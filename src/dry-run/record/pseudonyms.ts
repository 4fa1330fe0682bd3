import { hmacSha256 } from '../../base/digest.ts';
import type { Secret } from '../../base/secret.ts';

/** Fields whose texts are words of our own code, codes and headers of stores, or times. */
const KEPT_FIELDS = new Set([
  ...['kind', 'mode', 'provider', 'addressing', 'scheme', 'providerCode', 'refusedAs', 'algorithm', 'storageClass'],
  ...['archived', 'archivesTo', 'allowMethods', 'requestedHeaders', 'allowHeaders', 'exposeHeaders', 'validTo'],
  ...['credentialExpiresAt', 'until', 'missingPermissions'],
]);

/** Words that name no user, account or bucket: of addresses of the clouds, and of names that have a meaning there. */
const KEPT_WORDS = new Set([
  ...['http', 'https', 's3', 'gs', 'amazonaws', 'googleapis', 'storage', 'sts', 'iamcredentials', 'blob', 'core'],
  ...['windows', 'net', 'cwobject', 'com', 'microsoftonline', 'login', 'arn', 'aws', 'iam', 'kms', 'role', 'alias'],
  ...['wandb', 'probe', 'direct', 'xn', 'sthree', 's3alias', 'ols', 'google', 'goog'],
  // Domains that only a cluster or a local network resolves, and classes of storage.
  ...['svc', 'local', 'internal', 'localhost', 'localdomain', 'home', 'arpa'],
  ...['standard', 'nearline', 'coldline', 'archive', 'glacier', 'deep'],
]);

/** Regions of AWS and of stores that name theirs alike. */
const REGION =
  /\b(?:us|eu|ap|ca|sa|me|af|il|mx|cn)(?:-(?:gov|iso[a-z]?))?-(?:north|south|east|west|central)(?:east|west)?-\d+\b/;

const IPV4 = /\b\d{1,3}(?:\.\d{1,3}){3}\b/;
const IPV6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/;
const PORT = /(?<=:)\d{1,5}\b/;

const PARTS = new RegExp(
  [IPV4, IPV6, REGION, PORT]
    .map(({ source }) => source)
    .concat('[\\p{L}\\p{N}]+')
    .join('|'),
  'gu',
);

/**
 * Replaces every name and id in a value, consistently and without a way back: each word becomes another one of the same
 * length and the same classes of characters, an
 * address one of the same range. So what was equal stays equal, a name that breaks a rule still breaks it,
 * and a prefix of a path stays a prefix. What is not known to be harmless is replaced.
 */
export function createPseudonyms(key: Secret<string>): <T>(value: T) => T {
  const known = new Map<string, string>();
  const taken = new Set<string>();

  function pseudonymOf(word: string): string {
    if (KEPT_WORDS.has(word.toLowerCase()) || isWhole(REGION, word) || /^\d{1,5}$/.test(word)) return word;
    const before = known.get(word);
    if (before !== undefined) return before;
    let pseudonym = word;
    // Short words run out of others.
    for (let attempt = 0; attempt < 20 && (attempt === 0 || taken.has(pseudonym)); attempt += 1) {
      pseudonym = another(word, numbersFor(key, `${attempt} ${word}`, word.length));
    }
    known.set(word, pseudonym);
    taken.add(pseudonym);
    return pseudonym;
  }

  function replaced(value: unknown, field: string): unknown {
    if (typeof value === 'string') return KEPT_FIELDS.has(field) ? value : value.replace(PARTS, pseudonymOf);
    if (Array.isArray(value)) return value.map((item) => replaced(item, field));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, replaced(child as unknown, name)]));
  }

  return <T>(value: T) => replaced(value, '') as T;
}

/** Numbers from 0 to 255 that only the key gives. */
function numbersFor(key: Secret<string>, text: string, count: number): readonly number[] {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, block) => hmacSha256(key, `${block} ${text}`));
  return [...Buffer.from(blocks.join(''), 'hex')];
}

function isWhole(pattern: RegExp, text: string): boolean {
  return pattern.exec(text)?.[0] === text;
}

function another(word: string, numbers: readonly number[]): string {
  if (isWhole(IPV4, word)) return anotherIPv4(word, numbers);
  if (isWhole(IPV6, word)) return anotherIPv6(word, numbers);
  return Array.from(word, (character, index) => anotherCharacter(character, numbers[index] ?? 0)).join('');
}

/** Small, large and other letters become small and large ones, numbers become numbers. */
function anotherCharacter(character: string, number: number): string {
  if (/\p{N}/u.test(character)) return String(number % 10);
  const letter = String.fromCharCode(97 + (number % 26));
  return /\p{Lu}/u.test(character) ? letter.toUpperCase() : letter;
}

const PRIVATE_IPV4 = /^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/;

function anotherIPv4(address: string, [first = 0, second = 0, third = 0]: readonly number[]): string {
  if (address.startsWith('127.')) return address;
  return `${PRIVATE_IPV4.test(address) ? '10' : '8'}.${first}.${second}.${third}`;
}

function anotherIPv6(address: string, [first = 0, second = 0]: readonly number[]): string {
  if (address === '::1') return address;
  return `${/^f[cd]/.test(address) ? 'fd00' : '2600'}::${(first * 256 + second).toString(16)}`;
}
