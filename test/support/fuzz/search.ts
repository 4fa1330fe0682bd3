import type { Coverage } from './coverage.ts';
import { mutate, type Random } from './mutate.ts';
import type { Target } from './target.ts';

/** So many texts are tried before their coverage is read, which takes longer than most of them. */
const AT_ONCE = 64;
const SHORTER_TRIES = 64;

/** A text that broke a promise. */
export interface Broken {
  readonly target: string;
  readonly text: string;
  readonly error: string;
}

export interface Search {
  readonly tried: number;
  /** Texts that together reach all that was reached. */
  readonly corpus: readonly string[];
  readonly broken: readonly Broken[];
}

/** Looks for texts that reach parts of the source which no other one reached, until it is time to end. */
export async function search(
  target: Target,
  {
    coverage,
    random,
    goesOn,
  }: { readonly coverage: Coverage; readonly random: Random; readonly goesOn: () => boolean },
): Promise<Search> {
  const corpus: string[] = [];
  const broken = new Map<string, Broken>();
  let tried = 0;

  async function run(text: string): Promise<void> {
    tried += 1;
    const error = await faultOf(target, text);
    // One of each kind is enough.
    if (error !== undefined && !broken.has(error)) broken.set(error, { target: target.name, text, error });
  }

  async function keepIfNew(text: string): Promise<void> {
    await run(text);
    if (coverage.wouldGain() === 0) return;
    const kept = await shortened(text);
    await run(kept);
    coverage.gained();
    corpus.push(kept);
  }

  /** The same text without parts that do not matter for what it reaches. */
  async function shortened(text: string): Promise<string> {
    const wanted = await gainOf(text);
    let kept = text;
    let size = Math.ceil(kept.length / 2);
    for (let left = SHORTER_TRIES; left > 0 && size > 0; left -= 1) {
      const from = Math.floor(random() * kept.length);
      const shorter = kept.slice(0, from) + kept.slice(from + size);
      if (shorter.length < kept.length && (await gainOf(shorter)) === wanted) kept = shorter;
      else size = Math.floor(size * 0.8);
    }
    return kept;
  }

  /** Those that are still needed, the shortest first: what a later one reached may include what an earlier one did. */
  async function fewest(): Promise<readonly string[]> {
    coverage.forget();
    const kept: string[] = [];
    for (const text of corpus.toSorted((left, right) => left.length - right.length)) {
      await run(text);
      if (coverage.gained() > 0) kept.push(text);
    }
    return kept;
  }

  async function gainOf(text: string): Promise<number> {
    coverage.wouldGain();
    await run(text);
    return coverage.wouldGain();
  }

  coverage.wouldGain();
  for (const text of target.seeds) await keepIfNew(text);
  while (goesOn()) {
    const material = { words: target.words, corpus: corpus.length > 0 ? corpus : target.seeds };
    const texts = Array.from({ length: AT_ONCE }, () => {
      const from = material.corpus[Math.floor(random() * material.corpus.length)] ?? '';
      return mutate(from, material, random);
    });
    coverage.wouldGain();
    for (const text of texts) await run(text);
    if (coverage.wouldGain() > 0) for (const text of texts) await keepIfNew(text);
  }
  return { tried, corpus: await fewest(), broken: [...broken.values()] };
}

/** What promise a text breaks; `undefined` if it breaks none. */
export async function faultOf(target: Target, text: string): Promise<string | undefined> {
  try {
    await target.run(text);
    return undefined;
  } catch (error) {
    const { message, stack = '' } = error as Error;
    return `${message}\n${stack.split('\n').slice(1, 3).join('\n')}`;
  }
}
