/** From 0 up to, not including, 1. */
export type Random = () => number;

/** What breaks parsers most often. */
const ODD = [
  '',
  '\u0000',
  '\n',
  '\r\n',
  ' ',
  '"',
  "'",
  '\\',
  '%00',
  '%2F',
  '..',
  '/',
  '//',
  '@',
  ':',
  '?',
  '#',
  '&',
  '<',
  '>',
  '{',
  '}',
  '[',
  ']',
  '😀',
  '\u202e',
  '\ufeff',
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '9007199254740993',
  '__proto__',
  'constructor',
  'toString',
];
const MOST_CHARACTERS = 4_096;

/** Texts to make others of. */
export interface Material {
  /** Words of the grammar. */
  readonly words: readonly string[];
  /** Texts that reached something. */
  readonly corpus: readonly string[];
}

/** A text near a known one: some parts are removed, doubled, replaced, or taken from another one. */
export function mutate(text: string, { words, corpus }: Material, random: Random): string {
  let changed = text;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times -= 1) {
    const [from, to] = [at(changed, random), at(changed, random)].sort((left, right) => left - right) as [
      number,
      number,
    ];
    const part = changed.slice(from, Math.min(to, from + 1 + Math.floor(random() * 24)));
    const inserted = [
      '',
      part + part,
      one(words, random),
      one(ODD, random),
      String.fromCharCode(Math.floor(random() * 256)),
      pieceOf(one(corpus, random), random),
    ];
    const isReplacing = random() < 0.5;
    changed = changed.slice(0, from) + one(inserted, random) + changed.slice(isReplacing ? from + part.length : from);
  }
  return changed.slice(0, MOST_CHARACTERS);
}

function pieceOf(text: string, random: Random): string {
  const from = at(text, random);
  return text.slice(from, from + 1 + Math.floor(random() * 64));
}

function at(text: string, random: Random): number {
  return Math.floor(random() * (text.length + 1));
}

function one(all: readonly string[], random: Random): string {
  return all[Math.floor(random() * all.length)] ?? '';
}
