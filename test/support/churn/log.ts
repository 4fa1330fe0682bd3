import { readFileSync } from 'node:fs';

const PAGE = 'docs/reference/log-and-events.md';

interface Line {
  readonly level: string;
  readonly message: string;
}

/** Lines that a healthy operator does not write, each kind once: errors, warnings that are not documented, and other text. */
export function logFlaws(log: string): readonly string[] {
  const known = documentedWarnings();
  const flaws = log
    .split('\n')
    .filter((text) => text !== '')
    .flatMap((text) => flawOf(text, known));
  return [...Map.groupBy(flaws, ({ kind }) => kind)].map(
    ([kind, those]) => `${kind}, ${those.length} times: ${those[0]?.text.slice(0, 500) ?? ''}`,
  );
}

function flawOf(text: string, known: ReadonlySet<string>): readonly { readonly kind: string; readonly text: string }[] {
  const line = parsed(text);
  // Such as a warning of Node.
  if (line === undefined) return [{ kind: 'no line of the log', text }];
  const isFine = ['debug', 'info'].includes(line.level) || (line.level === 'warn' && known.has(line.message));
  return isFine ? [] : [{ kind: `logged as ${line.level}: ${line.message}`, text }];
}

function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}

function documentedWarnings(): ReadonlySet<string> {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `warn`\s+\| ((?:`[^`]+`(?:, )?)+)\s+\|/gm);
  const messages = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  if (messages.length === 0) throw new Error(`no warnings in ${PAGE}`);
  return new Set(messages);
}
