import { factsKey, hasPassingFault, steadied, type SurveyFacts } from '../domain/observations/survey-facts.ts';
import { comesBefore } from './priority.ts';
import type { Urgency } from './urgency.ts';

/** Passing faults of so many surveys in turn are tolerated: the last good facts stand. */
const TOLERATED_SURVEYS = 3;

/** A contradiction renews a survey so often at most, */
const RENEWED_AT_MOST_EVERY_MS = 60_000;
/** and so often where the survey that it renewed last found the same again. */
const RENEWED_IN_VAIN_EVERY_MS = 6 * 3_600_000;

/** The latest survey of a bucket as one identity sees it. */
export interface Survey {
  readonly facts: SurveyFacts;
  /** Monotonic time at which it began: it answers requests that were made before. */
  readonly beganAt: number;
  /** Another number for each change of what is judged. */
  readonly revision: number;
}

/** A survey under way; it ends once, with facts or without. */
export interface RunningSurvey {
  /** From here on all wait for it. */
  hasTurn(): void;
  /** Another one took its place before it had its turn. */
  readonly replaced: AbortSignal;
  end(hasFacts: boolean): void;
}

/**
 * The surveys of all buckets, by key: one under way for each at most. Nothing of them is kept for longer than some claim
 * uses them.
 */
export interface Surveys {
  latest(key: string): Survey | undefined;
  /** Resolves when the survey under way has ended: whether it found facts. `undefined` where none is. */
  underWay(key: string): Promise<boolean> | undefined;
  /**
   * Announces a survey; `undefined` where another one is under way. What is urgent does not wait for what is due: one that
   * waits for its turn with a lower priority is replaced, and one that has its turn becomes as urgent.
   */
  begin(key: string, urgency: Urgency): RunningSurvey | undefined;
  /** Keeps what a survey found, unless a later one is known; returns what counts from now on. */
  keep(key: string, found: { readonly facts: SurveyFacts; readonly beganAt: number }): Survey;
  /**
   * Whether a contradiction is worth a new survey: not twice in a minute, and not twice in six hours where the last one
   * that was renewed so found the same again. `now`: monotonic time.
   */
  mayRenew(key: string, now: number): boolean;
  /** Calls `run` with the key of each survey that found something else than the one before. */
  onNews(run: (key: string) => void): void;
  /** No claim uses it any more. */
  drop(key: string): void;
}

interface Running {
  readonly ended: PromiseWithResolvers<boolean>;
  readonly urgency: Urgency;
  readonly replaced: AbortController;
  hasTurn: boolean;
}

interface Kept extends Survey {
  readonly judged: string;
  /** Surveys in turn that met a passing fault. */
  readonly faults: number;
  /** When a contradiction last renewed it, and which revision it contradicted. */
  readonly renewed?: { readonly at: number; readonly revision: number };
}

/** The facts that count after a survey; some passing faults in turn leave the last good ones. */
function tolerating(last: Kept | undefined, facts: SurveyFacts): Pick<Kept, 'facts' | 'faults'> {
  if (last === undefined || !hasPassingFault(facts)) return { facts, faults: 0 };
  const faults = last.faults + 1;
  return { facts: faults <= TOLERATED_SURVEYS ? steadied(last.facts, facts) : facts, faults };
}

function mayReplace({ hasTurn, urgency }: Running, other: Urgency): boolean {
  return !hasTurn && comesBefore(other.priority, urgency.priority);
}

export function createSurveys(): Surveys {
  const kept = new Map<string, Kept>();
  const running = new Map<string, Running>();
  const listeners: ((key: string) => void)[] = [];
  let revisions = 0;

  function keep(key: string, { facts, beganAt }: { readonly facts: SurveyFacts; readonly beganAt: number }): Survey {
    const last = kept.get(key);
    if (last !== undefined && last.beganAt > beganAt) return last;
    const { faults, facts: next } = tolerating(last, facts);
    const judged = factsKey(next);
    const isNews = last?.judged !== judged;
    const revision = isNews ? ++revisions : last.revision;
    const now = { ...last, facts: next, beganAt, judged, faults, revision };
    kept.set(key, now);
    if (isNews && last !== undefined) for (const run of listeners) run(key);
    return now;
  }

  return {
    latest: (key) => kept.get(key),
    underWay: (key) => running.get(key)?.ended.promise,
    begin(key, urgency) {
      const before = running.get(key);
      if (before?.hasTurn === true) before.urgency.raise(urgency.priority);
      if (before !== undefined && !mayReplace(before, urgency)) return undefined;
      const replaced = new AbortController();
      const survey: Running = { ended: Promise.withResolvers(), urgency, replaced, hasTurn: false };
      running.set(key, survey);
      before?.replaced.abort();
      // Who waits for it finds the one that replaces it.
      before?.ended.resolve(true);
      return {
        hasTurn: () => void (survey.hasTurn = true),
        replaced: replaced.signal,
        end(hasFacts) {
          if (running.get(key) !== survey) return;
          running.delete(key);
          survey.ended.resolve(hasFacts);
        },
      };
    },
    keep,
    mayRenew(key, now) {
      const last = kept.get(key);
      if (last === undefined) return false;
      const { renewed, revision } = last;
      const pauseMs = renewed?.revision === revision ? RENEWED_IN_VAIN_EVERY_MS : RENEWED_AT_MOST_EVERY_MS;
      if (renewed !== undefined && now - renewed.at < pauseMs) return false;
      kept.set(key, { ...last, renewed: { at: now, revision } });
      return true;
    },
    onNews: (run) => void listeners.push(run),
    drop: (key) => void kept.delete(key),
  };
}
