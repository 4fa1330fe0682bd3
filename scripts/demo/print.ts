/** What the demo shows: headings, commands and their output. */
const BOLD = process.stdout.isTTY ? '\u001b[1m' : '';
const DIM = process.stdout.isTTY ? '\u001b[2m' : '';
const PLAIN = process.stdout.isTTY ? '\u001b[0m' : '';

export function heading(text: string): void {
  process.stdout.write(`\n${BOLD}== ${text}${PLAIN}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function command(text: string): void {
  process.stdout.write(`${DIM}$ ${text}${PLAIN}\n`);
}

/** Values of a Secret with their credentials masked: `s3://***:***@host/...`, other secrets cut to `***`. */
export function masked(key: string, value: string): string {
  if (/^(ACCESS_KEY|SECRET_KEY|AccessKey|SecretKey)$/.test(key)) return '***';
  return value.replace(/:\/\/[^@/\s,]+@/g, '://***:***@');
}

interface CheckLine {
  readonly name: string;
  readonly result: string;
  readonly reason: string;
  readonly message?: string;
  readonly remedy?: string;
}

/** The checks of a status, the failing one with its message and remedy. */
export function printChecks(checks: readonly CheckLine[]): void {
  for (const { name, result, reason, message, remedy } of checks) {
    say(`  ${result.padEnd(8)}${name.padEnd(20)}${result === 'Pass' ? '' : reason}`);
    if (result === 'Pass' || result === 'Skip') continue;
    if (message !== undefined) say(`          what: ${message}`);
    if (remedy !== undefined) say(`          mend: ${remedy}`);
  }
}
