import fc from 'fast-check';
import type { Schema } from '../../crds/crd-files.ts';

/** Texts that the rules of a schema accept, as far as its patterns tell. */
export interface Texts {
  readonly shortest: string;
  readonly some: readonly string[];
  /** Absent where all texts have the same length. */
  readonly longest?: string;
}

const SAMPLES = 40;
const USUAL = /^[a-z][a-z0-9]{2,9}$/;
/** The literal of a `self.matches`, raw or not. No text of ours that is not raw has an escape. */
const MATCHES = /self\.matches\((r?)'([^']*)'\)/g;

const known = new Map<string, Texts>();

/** Seeded, so that a failure can be had again. */
export function textsOf(schema: Schema, seed: number): Texts {
  const key = JSON.stringify({ ...schema, description: '', seed });
  const texts = known.get(key) ?? drawTexts(schema, seed);
  known.set(key, texts);
  return texts;
}

function drawTexts(schema: Schema, seed: number): Texts {
  const { required, all } = patternsOf(schema);
  const { minLength = 0, maxLength = 300 } = schema;
  const isValid = (text: string): boolean =>
    text.length >= minLength && text.length <= maxLength && required.every((pattern) => pattern.test(text));
  const sources = all.length === 0 ? [USUAL] : all;
  const drawn = sources.flatMap((pattern) => fc.sample(fc.stringMatching(pattern), { numRuns: SAMPLES, seed }));
  // JSON has no lone surrogates, and what YAML or a header cannot hold is tried elsewhere.
  const good = drawn.filter((text) => text.isWellFormed() && isValid(text));
  const [first] = good;
  if (first === undefined) throw new Error(`no text fits ${JSON.stringify(schema)}`);
  const plain = good.filter((text) => /^[\x21-\x7e]+$/.test(text));
  const shortest = shortened(shortestOf(plain.length > 0 ? plain : good), isValid);
  const longest = lengthened(plain[0] ?? first, maxLength, isValid);
  const some = [...new Set(good)].filter((text) => text !== shortest && text !== longest).slice(0, 2);
  return { shortest, some, ...(longest !== undefined && longest !== shortest && { longest }) };
}

/** Those that every text must match, and those that some may: a rule can have an alternative. */
function patternsOf(schema: Schema): { readonly required: readonly RegExp[]; readonly all: readonly RegExp[] } {
  const rules = (schema['x-kubernetes-validations'] ?? []).map(({ rule }) => rule);
  const own = schema.pattern === undefined ? [] : [new RegExp(schema.pattern)];
  const found = rules.flatMap((rule) =>
    [...rule.matchAll(MATCHES)].map((match) => ({
      pattern: new RegExp(match[2] ?? ''),
      isRequired: rule === match[0],
      isRefused: rule.includes(`!${match[0]}`),
    })),
  );
  const required = [...own, ...found.filter(({ isRequired }) => isRequired).map(({ pattern }) => pattern)];
  const wanted = found.filter(({ isRefused }) => !isRefused).map(({ pattern }) => pattern);
  return { required, all: [...own, ...wanted] };
}

function shortestOf(texts: readonly string[]): string {
  return texts.reduce((best, text) => (text.length < best.length ? text : best));
}

/** Without each character that can be left out. */
function shortened(text: string, isValid: (text: string) => boolean): string {
  for (let at = 0; at < text.length; at += 1) {
    const shorter = text.slice(0, at) + text.slice(at + 1);
    if (isValid(shorter)) return shortened(shorter, isValid);
  }
  return text;
}

/** With one of its characters repeated as often as it may be. */
function lengthened(text: string, most: number, isValid: (text: string) => boolean): string | undefined {
  const places = Array.from({ length: text.length }, (_, at) => at).reverse();
  for (let count = most - text.length; count > 0; count -= 1) {
    for (const at of places) {
      const longer = text.slice(0, at) + text.charAt(at).repeat(count) + text.slice(at);
      if (isValid(longer)) return longer;
    }
  }
  return undefined;
}
