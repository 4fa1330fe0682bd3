import { settle } from '../fakes/settle.ts';
import type { ModelClock } from '../publication-model/clock.ts';
import type { OperatorProcess } from '../publication-model/operator.ts';
import { deliver } from './fleet.ts';

/** Lets time pass, timer by timer, with everything that runs meanwhile. */
export async function pass(clock: ModelClock, operator: OperatorProcess, milliseconds: number): Promise<void> {
  const until = clock.monotonic() + milliseconds;
  await drain(operator);
  for (let next = clock.nextAt(); next !== undefined && next <= until; next = clock.nextAt()) {
    clock.runNext();
    await drain(operator);
  }
  clock.passTo(until);
}

async function drain(operator: OperatorProcess): Promise<void> {
  do {
    for (let turns = 0; turns < 2; turns += 1) await settle();
  } while (deliver(operator) > 0);
}
