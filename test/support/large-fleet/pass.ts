import { settle } from '../fakes/settle.ts';
import type { ModelClock } from '../publication-model/clock.ts';
import type { OperatorProcess } from '../publication-model/operator.ts';
import { deliver } from './fleet.ts';

/** Lets time pass, timer by timer, with everything that runs meanwhile. */
export async function pass(
  clock: ModelClock,
  operator: OperatorProcess | readonly OperatorProcess[],
  milliseconds: number,
): Promise<void> {
  const operators = [operator].flat();
  const until = clock.monotonic() + milliseconds;
  await drain(operators);
  for (let next = clock.nextAt(); next !== undefined && next <= until; next = clock.nextAt()) {
    clock.runNext();
    await drain(operators);
  }
  clock.passTo(until);
}

async function drain(operators: readonly OperatorProcess[]): Promise<void> {
  do {
    for (let turns = 0; turns < 2; turns += 1) await settle();
  } while (operators.map(deliver).some((count) => count > 0));
}
