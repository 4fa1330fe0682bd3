import { BLANKS, blanksIn } from '../blanks.ts';

/** Text that Terraform evaluates, such as `aws_iam_policy.wandb.arn`. */
export class Expression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** `jsonencode(...)` of a document. */
export function jsonencode(document: unknown): Expression {
  return new Expression(`jsonencode(${hcl(document, 1)})`);
}

/** A value in Terraform's language. Blanks become variables. */
export function hcl(value: unknown, depth = 0): string {
  if (value instanceof Expression) return value.text;
  if (typeof value === 'string') return textOf(value);
  const [outer, inner] = ['  '.repeat(depth), '  '.repeat(depth + 1)];
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => hcl(item, depth + 1));
    const line = `[${items.join(', ')}]`;
    return line.length < 100 && !line.includes('\n')
      ? line
      : `[\n${items.map((one) => `${inner}${one},\n`).join('')}${outer}]`;
  }
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = aligned(Object.entries(value).map(([key, child]) => [keyOf(key), hcl(child, depth + 1)]));
  return `{\n${entries.map((entry) => `${inner}${entry}\n`).join('')}${outer}}`;
}

function textOf(text: string): string {
  const [only] = blanksIn(text);
  if (only !== undefined && text === `<${only}>`) return `var.${only.toLowerCase()}`;
  const escaped = JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');
  return escaped.replace(/<([A-Z_]+)>/g, (all, name: string) =>
    name in BLANKS ? `\${var.${name.toLowerCase()}}` : all,
  );
}

function keyOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : textOf(key);
}

/** Assignments with their equals signs below each other, as `terraform fmt` writes them: a value of many lines ends a group. */
function aligned(entries: readonly (readonly [string, string])[]): readonly string[] {
  const lines: string[] = [];
  let group: (readonly [string, string])[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...group.map(([key]) => key.length));
    lines.push(...group.map(([key, value]) => `${key.padEnd(width)} = ${value}`));
    group = [];
  };
  for (const entry of entries) {
    if (entry[1].includes('\n')) {
      flush();
      lines.push(entry.join(' = '));
    } else group.push(entry);
  }
  flush();
  return lines;
}

/** A block such as `resource "type" "name" { ... }`. */
export function block(head: string, attributes: Readonly<Record<string, unknown>>): string {
  return `${head} ${hcl(attributes)}`;
}

/** A comment of one or more lines. */
export function comment(text: string): string {
  return text
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

/** A whole file: a variable for each blank, then the blocks. */
export function fileOf(blocks: readonly string[]): string {
  const text = blocks.join('\n\n');
  const used = Object.entries(BLANKS).filter(([name]) => new RegExp(`var\\.${name.toLowerCase()}\\b`).test(text));
  const variables = used.map(([name, description]) =>
    block(`variable "${name.toLowerCase()}"`, { type: new Expression('string'), description }),
  );
  return `${[...variables, text].join('\n\n')}\n`;
}
