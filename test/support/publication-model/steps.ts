import type { Command, Step } from './commands.ts';
import { INSTANCES, TEAMS, type Slot } from './universe.ts';

/** Hours of the model's time take a while on a busy machine. */
export const STORY_TIMEOUT_MS = 120_000;

/** Commands at one moment; then time goes by. */
export function then(thenMs: number, ...commands: readonly Command[]): readonly Step[] {
  return commands.map((command, index) => ({ command, thenMs: index === commands.length - 1 ? thenMs : 0 }));
}

/** The instance at `index` of the model's universe. */
export function instanceAt(index: number): Slot {
  return slotAt(INSTANCES, index);
}

/** The team at `index` of the model's universe. */
export function teamAt(index: number): Slot {
  return slotAt(TEAMS, index);
}

function slotAt(slots: readonly Slot[], index: number): Slot {
  const slot = slots[index];
  if (slot === undefined) throw new Error(`the universe has ${slots.length} of them, and not number ${index}`);
  return slot;
}
