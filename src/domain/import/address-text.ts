import { Secret } from '../../base/secret.ts';
import type { FindingCode } from './finding.ts';

/** An address taken apart, as leniently as it can be understood. */
export interface AddressParts {
  readonly scheme: string;
  readonly user?: string;
  readonly password?: Secret<string>;
  /** Whether there was a part for credentials, even if it was empty or a placeholder. */
  readonly hasCredentials: boolean;
  /** Whether a value was left out because it was a placeholder. */
  readonly hasPlaceholder: boolean;
  readonly host: string;
  /** Without empty ones. */
  readonly segments: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

type Report = (code: FindingCode, detail?: string) => void;

/** What stands for a value that somebody forgot to put in. */
const PLACEHOLDER = /<[^<>]*>|\$\([^()]*\)|\$\{[^{}]*\}|\$[A-Za-z_]\w*|\{\{.*?\}\}/;
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is;

/** Takes an address apart; `undefined` if it has no scheme. */
export function splitAddress(given: string, report: Report): AddressParts | undefined {
  const text = withoutQuotes(given, report);
  const [, scheme, rest] = SCHEME.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    report('SchemeMissing');
    return undefined;
  }
  const { userInfo, tail } = splitUserInfo(rest);
  const [place = '', ...queries] = tail.split('?');
  if (queries.length > 1) report('TwoQuestionMarks');
  const [host = '', ...path] = place.split('/');
  const segments = path.filter((segment) => segment !== '');
  if (segments.length < path.length && !(path.length === 1 && segments.length === 0)) report('SlashLeftOut');
  const known = [host, ...segments].map((part) => plainPart(part, report));
  return {
    scheme: scheme.toLowerCase(),
    ...credentialsIn(userInfo, report),
    hasCredentials: userInfo !== undefined,
    hasPlaceholder: PLACEHOLDER.test(text),
    host: known[0] ?? '',
    segments: known.slice(1),
    query: readQuery(queries, report),
  };
}

function withoutQuotes(given: string, report: Report): string {
  const text = given
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  if (text !== given) report('QuotesAround');
  return text;
}

/**
 * The credentials end at the last `@` after which a host can stand. A key that is not encoded may hold slashes,
 * question marks and further `@`.
 */
function splitUserInfo(rest: string): { readonly userInfo?: string; readonly tail: string } {
  const [, userInfo, tail] = /^(.*)@([^@\s]*)$/s.exec(rest) ?? [];
  const isWhole = userInfo?.includes(':') === true || (userInfo !== undefined && !userInfo.includes('/'));
  return userInfo === undefined || tail === undefined || !isWhole ? { tail: rest } : { userInfo, tail };
}

function credentialsIn(userInfo: string | undefined, report: Report): Pick<AddressParts, 'user' | 'password'> {
  if (userInfo === undefined) return {};
  const at = userInfo.indexOf(':');
  const [user, password] = at < 0 ? [userInfo, ''] : [userInfo.slice(0, at), userInfo.slice(at + 1)];
  const knownUser = plainPart(user, report);
  const knownPassword = PLACEHOLDER.test(password) ? withoutPlaceholder(password, report) : keyIn(password, report);
  return {
    ...(knownUser !== '' && { user: knownUser }),
    ...(knownPassword !== '' && { password: new Secret(knownPassword) }),
  };
}

/** A key as it is meant: decoded, unless it cannot be encoded text. */
function keyIn(text: string, report: Report): string {
  const value = decoded(text);
  // A server parses these as the end of the host, or refuses them.
  if (value === undefined || /[/?#[\]\s"\\^`{|}]/.test(text)) report('KeyNotEncoded');
  return value ?? text;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** A part that is no secret, decoded; a percent sign that begins no code stands for itself. */
function plainPart(part: string, report: Report): string {
  const text = withoutPlaceholder(part, report);
  return decoded(text) ?? text;
}

/** The text; empty if it is a placeholder or has one in it. */
function withoutPlaceholder(text: string, report: Report): string {
  const [found] = PLACEHOLDER.exec(text) ?? [];
  if (found === undefined) return text;
  report('PlaceholderLeft', found.length <= 40 ? found : undefined);
  return '';
}

function readQuery(queries: readonly string[], report: Report): ReadonlyMap<string, string> {
  return new Map(
    queries
      .flatMap((query) => query.replace(/#.*$/s, '').split('&'))
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', ...value] = pair.split('=');
        return [name, plainPart(value.join('='), report)] as const;
      })
      .filter(([, value]) => value !== ''),
  );
}
