import type { Clock } from '../../ports/clock.ts';
import type { Lane } from '../../runtime/work-queue.ts';
import type { Surveys } from '../../probes/surveys.ts';

/** So many claims are woken at once by a survey, */
const AT_ONCE = 100;
/** and the next ones after this time: a thousand within five seconds. */
const PAUSE_MS = 500;

type Wake = (lane: Lane) => void;

/** Which claims use which survey: they are woken by its news, and it is dropped with the last of them. */
export function createSurveyUsers(surveys: Surveys, clock: Pick<Clock, 'setTimer'>) {
  const keys = new Map<string, string>();
  const users = new Map<string, Map<string, Wake>>();

  surveys.onNews((key) => wakeAll([...(users.get(key)?.values() ?? [])]));

  function wakeAll(claims: readonly Wake[]): void {
    for (const wake of claims.slice(0, AT_ONCE)) wake('periodic');
    if (claims.length > AT_ONCE) clock.setTimer(PAUSE_MS, () => wakeAll(claims.slice(AT_ONCE)));
  }

  /**
   * The claim uses this survey and no other from now on; none where `key` is absent. Returns whether it comes from
   * another survey, after other claims: as when many rotate one Secret.
   */
  function use(uid: string, key: string | undefined, wake: Wake): boolean {
    const before = keys.get(uid);
    if (before !== key) leave(uid);
    if (key === undefined) return false;
    keys.set(uid, key);
    const claims = users.get(key) ?? new Map<string, Wake>();
    const follows = before !== undefined && before !== key && claims.size > 0;
    users.set(key, claims.set(uid, wake));
    return follows;
  }

  function leave(uid: string): void {
    const key = keys.get(uid);
    if (key === undefined) return;
    keys.delete(uid);
    const claims = users.get(key);
    claims?.delete(uid);
    if (claims?.size !== 0) return;
    users.delete(key);
    surveys.drop(key);
  }

  return { use, leave };
}
