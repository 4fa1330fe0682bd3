/** Output of the demo: headings, commands and their results. */
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

/** A check in the status. */
export interface CheckLine {
  readonly name: string;
  readonly result: string;
  readonly reason: string;
  readonly message?: string;
  readonly remedy?: string;
}

/** Prints the checks of a status: those that need an action in full, the others by name. */
export function printFailure(checks: readonly CheckLine[]): void {
  const named = (result: string): string =>
    checks
      .filter((check) => check.result === result)
      .map(({ name }) => name)
      .join(' ');
  say(`  passed: ${named('Pass')}`);
  for (const { name, result, reason, message = '', remedy = '' } of checks) {
    if (result !== 'Fail' && result !== 'Unknown') continue;
    say(`  ${result === 'Fail' ? 'failed' : 'unknown'}: ${name} (${reason})`);
    say(`    what: ${message}`);
    say(`    fix:  ${remedy}`);
  }
  const unreached = checks.filter(({ reason }) => reason === 'PrerequisiteFailed').map(({ name }) => name);
  if (unreached.length > 0) say(`  not reached: ${unreached.join(' ')}`);
}
