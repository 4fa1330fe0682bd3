import type { Judgement } from './check.ts';

/** Longest message and remedy, in characters: room for a policy statement with the longest path in it. */
const MAX_TEXT = 2000;

/** The check passed; the message is for additional information. */
export function passed(message?: string): Judgement {
  return { result: 'Pass', reason: 'Passed', ...(message !== undefined && { message: clip(message) }) };
}

/** The check passed, but something should be fixed. */
export function warned<Reason extends string>(reason: Reason, message: string, remedy: string): Judgement<Reason> {
  return { result: 'Warn', reason, message: clip(message), remedy: clip(remedy) };
}

/** The check failed. */
export function failed<Reason extends string>(reason: Reason, message: string, remedy: string): Judgement<Reason> {
  return { result: 'Fail', reason, message: clip(message), remedy: clip(remedy) };
}

/** The check could not be decided. */
export function unknown<Reason extends string>(reason: Reason, message: string): Judgement<Reason> {
  return { result: 'Unknown', reason, message: clip(message) };
}

/** The check was ignored, was not reached or does not apply. */
export function skipped(reason: 'NotApplicable' | 'Ignored' | 'PrerequisiteFailed', message: string): Judgement {
  return { result: 'Skip', reason, message: clip(message) };
}

function clip(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}
