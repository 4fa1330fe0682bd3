import { BLANKS, blanksIn } from '../blanks.ts';

/** A text as one word of a shell. Blanks become variables. */
export function word(text: string): string {
  const parts = text.split(/(<[A-Z_]+>)/).filter((part) => part !== '');
  if (parts.length === 0) return "''";
  return parts.map((part) => (blanksIn(part).length > 0 ? `"$${part.slice(1, -1)}"` : quoted(part))).join('');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Commands that write a document to a file of the working folder, with the values of its blanks. */
export function writeDocument(file: string, document: unknown): readonly string[] {
  const text = JSON.stringify(document, undefined, 2);
  return [
    `cat > "$work/${file}" <<'EOF'`,
    text,
    'EOF',
    ...blanksIn(text).map((name) => `fill "$work/${file}" '<${name}>' "$${name}"`),
  ];
}

/** Replaces a blank in a file; as text, because it may be a part of a key. */
const FILL = `fill() { # fill FILE BLANK VALUE
  jq -n -r --rawfile text "$1" --arg blank "$2" --arg value "$3" \\
    '$text | split($blank) | join($value | tojson | .[1:-1])' > "$1.new"
  mv "$1.new" "$1"
}`;

/** What is there already, so that it can be written back. Only the answer that there is none counts as empty. */
const CURRENT = `current() { # current FILE EMPTY CODE COMMAND...
  local file=$1 empty=$2 code=$3
  shift 3
  "$@" > "$file" 2> "$work/error" && return
  grep -q "$code" "$work/error" || { cat "$work/error" >&2; exit 1; }
  printf '%s' "$empty" > "$file"
}`;

/** Adds what a list lacks; false if it lacks nothing. */
const MERGE = `merge() { # merge LIST PRESENT ADDITIONS RESULT
  jq --arg list "$1" --slurpfile new "$3" \\
    '.[$list] |= (if type == "array" then . elif . == null then [] else [.] end)
     | .[$list] += ($new[0][$list] - .[$list])' "$2" > "$4"
  ! jq -e -n --arg list "$1" --slurpfile old "$2" --slurpfile new "$4" \\
    '([$old[0][$list]] | flatten(1)) == $new[0][$list]' > /dev/null
}`;

/** Functions that a script may use, in the order in which they are defined. */
const FUNCTIONS = { fill: FILL, current: CURRENT, merge: MERGE } as const;

/** A part of a script with the sentence that explains it. */
export interface Step {
  readonly says: string;
  readonly lines: readonly string[];
}

/** A whole script: it stops at the first error, and before anything is done if a value is missing. */
export function scriptOf(about: string, tools: readonly string[], steps: readonly Step[]): string {
  const body = steps.flatMap(({ says, lines }) => ['', `# ${says}`, ...lines]);
  const text = body.join('\n');
  const blanks = Object.keys(BLANKS).filter((name) =>
    new RegExp(`\\$${name}\\b`).test(text),
  ) as (keyof typeof BLANKS)[];
  const functions = Object.entries(FUNCTIONS).filter(([name]) => new RegExp(`^(if )?${name} `, 'm').test(text));
  const needsFolder = text.includes('$work');
  return [
    '#!/usr/bin/env bash',
    `# ${about}`,
    '# It reads what is there, adds what is missing and writes that back. It can be run again.',
    `# Needs ${tools.join(' and ')}.`,
    'set -euo pipefail',
    ...blanks.map((name) => `: "\${${name}:?set it to: ${BLANKS[name].replaceAll('"', '')}}"`),
    ...(needsFolder ? ['work=$(mktemp -d)', `trap 'rm -rf "$work"' EXIT`] : []),
    ...functions.map(([, definition]) => definition),
    ...body,
    '',
  ].join('\n');
}
