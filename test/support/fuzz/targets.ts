import { answerTargets } from './answer-targets.ts';
import { objectTargets } from './object-targets.ts';
import { textTargets } from './text-targets.ts';

/** A reader of bytes that others wrote. */
export interface Target {
  readonly name: string;
  /** Where the search begins. */
  readonly seeds: readonly string[];
  /** Words of the grammar, which chance would not find. */
  readonly words: readonly string[];
  /** Reads a text; throws where the reader throws, or breaks a promise. */
  readonly run: (text: string) => Promise<void> | void;
}

/** Everything that reads what people, stores and other programs have written. */
export const TARGETS: readonly Target[] = [...objectTargets, ...answerTargets, ...textTargets];
