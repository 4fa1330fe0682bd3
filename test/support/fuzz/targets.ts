import { answerTargets } from './answer-targets.ts';
import { objectTargets } from './object-targets.ts';
import type { Target } from './target.ts';
import { textTargets } from './text-targets.ts';

/** Everything that reads what people, stores and other programs have written. */
export const TARGETS: readonly Target[] = [...objectTargets, ...answerTargets, ...textTargets];
