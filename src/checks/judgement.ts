import type { Judgement } from './check.ts';

/** Longest message and remedy, in characters: room for a policy statement with the longest path in it. */
const MAX_TEXT = 2000;

/** The check is satisfied; a message only where there is something to know. */
export function passed(message?: string): Judgement {
  return { result: 'Pass', reason: 'Passed', ...(message !== undefined && { message: clip(message) }) };
}

/** Works, with something to mend all the same. */
export function warned<Reason extends string>(reason: Reason, message: string, remedy: string): Judgement<Reason> {
  return { result: 'Warn', reason, message: clip(message), remedy: clip(remedy) };
}

/** Does not work. */
export function failed<Reason extends string>(reason: Reason, message: string, remedy: string): Judgement<Reason> {
  return { result: 'Fail', reason, message: clip(message), remedy: clip(remedy) };
}

/** Could not be told. */
export function unknown<Reason extends string>(reason: Reason, message: string): Judgement<Reason> {
  return { result: 'Unknown', reason, message: clip(message) };
}

/** Left out, not reached or without meaning here. */
export function skipped(reason: 'NotApplicable' | 'Ignored' | 'PrerequisiteFailed', message: string): Judgement {
  return { result: 'Skip', reason, message: clip(message) };
}

function clip(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
