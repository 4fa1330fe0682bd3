import type { Ledger } from '../../../../src/domain/publication/ledger.ts';
import { renderOutputs } from '../../../../src/domain/publication/outputs.ts';
import { parseOutputs } from '../parse-outputs.ts';
import { slotText, type Slot } from '../universe.ts';
import type { Context } from './context.ts';
import { isSameData } from './decode.ts';

/** P1, P3 and P4 at rest: the outputs of each instance are there, proven, and what its ledger renders. */
export function judgeOutputsAtRest(context: Context): void {
  const { instances, stored, world, fail } = context;
  for (const { slot } of instances.all) {
    const [ledger, data] = [stored.ledger(slot), stored.data(slot)];
    if (data === undefined && ledger === undefined) {
      if (world.claim(slot) !== undefined) fail(`P4 ${slotText(slot)} is there, and has no outputs`);
    } else if (!stored.isLeftAlone(slot)) {
      if (ledger === undefined || data === undefined) {
        fail(`P4 ${slotText(slot)} lacks its ${ledger === undefined ? 'ledger' : 'Secret'}`);
      } else judgeOutputs(context, slot, ledger);
    }
  }
}

function judgeOutputs({ stored, proofs, fail }: Context, slot: Slot, ledger: Ledger): void {
  const { namespace, name } = slot;
  const data = stored.data(slot) ?? {};
  const rendered = renderOutputs(ledger, `${name}-storage`);
  if (!isSameData(data, rendered.secret)) {
    fail(`P3 At rest Secret ${namespace}/${name}-storage is not what its ledger renders`);
  }
  if (!isSameData(stored.listing(slot), rendered.configMap)) {
    fail(`P3 At rest ConfigMap ${namespace}/${name}-storage is not what its ledger renders`);
  }
  const flaws = proofs.unproven(namespace, parseOutputs(data));
  if (flaws.length > 0) fail(`P1 At rest ${slotText(slot)} holds what was never proven: ${flaws.join('; ')}`);
}
