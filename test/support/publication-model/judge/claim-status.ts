import type { InstanceStorage } from '../../../../src/api/resources.ts';
import { parseOutputs } from '../parse-outputs.ts';
import type { Slot, Target } from '../universe.ts';
import type { World } from '../world.ts';
import { claimKey, type Claim } from './claims.ts';
import type { Context } from './context.ts';

/** What a claim says of its publication. */
interface Report {
  readonly object: Claim;
  readonly target: Target;
  /** The instance that it leads to. */
  readonly slot: Slot;
  /** Why the condition `Published` is what it is. */
  readonly reason: string;
}

/** P4 and P5: what is reported of each claim is true, and of its present generation. */
export function judgeClaims(context: Context): void {
  judgeGenerations(context);
  for (const object of claimsIn(context.world)) judgePublished(context, object);
  for (const object of context.world.truth.instances.reader.list()) judgeRetained(context, object);
}

/** P5: every generation is acknowledged. */
export function judgeGenerations({ world, fail }: Context): void {
  for (const { kind, metadata, status } of claimsIn(world)) {
    const { namespace = '', name, generation = 0 } = metadata;
    const { observedGeneration = -1 } = status ?? {};
    if (observedGeneration === generation) continue;
    fail(`P5 ${kind} ${namespace}/${name} is of generation ${generation}, and its status of ${observedGeneration}`);
  }
}

function claimsIn({ truth }: World): readonly Claim[] {
  return [...truth.instances.reader.list(), ...truth.teams.reader.list()];
}

/** P4: a record counts if its object is gone; it may count if the name belongs to another object since. */
function judgeRetained({ stored, world, fail }: Context, { metadata, status }: InstanceStorage): void {
  const { namespace = '', name } = metadata;
  const counted = status?.teams?.retained;
  const ledger = stored.ledger({ kind: 'InstanceStorage', namespace, name });
  if (counted === undefined || ledger === undefined) return;
  const objects = ledger.claims.map((record) => ({ record, object: world.claim({ ...record, namespace }) }));
  const least = objects.filter(({ object }) => object === undefined).length;
  const most = objects.filter(
    ({ record, object }) => object?.metadata.uid !== record.uid || object === undefined,
  ).length;
  if (counted < least || counted > most) {
    const range = least === most ? String(least) : `${least} to ${most}`;
    fail(`P4 InstanceStorage ${namespace}/${name} says that ${counted} are retained: ${range}`);
  }
}

/** P4: the condition `Published` is true. */
function judgePublished(context: Context, object: Claim): void {
  const { claims, instances, stored, fail } = context;
  const { namespace = '', name } = object.metadata;
  const { conditions = [] } = object.status ?? {};
  const published = conditions.find(({ type }) => type === 'Published');
  const target = claims.target(object);
  if (published === undefined || typeof target !== 'object') return;
  const slot: Slot = { kind: 'InstanceStorage', namespace, name: target.instance };
  if (instances.find(namespace, target.instance) === undefined || stored.isLeftAlone(slot)) return;
  const { status, reason } = published;
  if (status === 'Unknown')
    fail(`P4 ${object.kind} ${namespace}/${name} does not know whether it is published: ${reason}`);
  if (status === 'True') judgeTrue(context, { object, target, slot, reason });
  if (status === 'False') judgeFalse(context, { object, target, slot, reason });
}

function judgeTrue(context: Context, report: Report): void {
  const { object, target, reason } = report;
  const { namespace = '', name } = object.metadata;
  const what = `P4 ${object.kind} ${namespace}/${name} says Published (${reason})`;
  if (reason === 'NoEntryNeeded') {
    if (!needsNoEntry(context, object)) context.fail(`${what}, and no instance that has it is on AWS`);
    return;
  }
  if (reason !== 'Published') return;
  const held = heldFor(context, report);
  if (held === undefined) {
    context.fail(`${what}, and the Secret holds nothing of ${target.bucket}`);
    return;
  }
  const isProven = context.proofs.isProvenFor(claimKey(namespace, { kind: object.kind, name }), target.bucket, held);
  if (!isProven) context.fail(`${what}, and ${target.bucket} with ${held} was never proven for it`);
  const wanted = target.secret === 'ambient' ? '' : context.world.keyIn(namespace, target.secret);
  if (object.spec.suspend !== true && wanted !== held) {
    context.fail(`${what}, and the Secret holds another credential`);
  }
}

/** Only where no other claim can be meant by what the Secret holds. */
function judgeFalse(context: Context, report: Report): void {
  const { object, target, slot, reason } = report;
  const { namespace = '', name } = object.metadata;
  const id = claimKey(namespace, { kind: object.kind, name });
  const isHeld = heldFor(context, report) !== undefined;
  // After the listing was lost the entry is there, and its claim is unknown.
  const isUnclaimed = context.stored
    .ledger(slot)
    ?.claims.some((record) => record.name === '' && record.address.name === target.bucket);
  if (isHeld && !context.proofs.isProvenForOther(id, target.bucket) && isUnclaimed !== true) {
    context.fail(`P4 ${id} says it is not published (${reason}), and the Secret holds ${target.bucket}`);
  }
}

/** An instance that W&B reaches its bucket from by itself has it, maybe one that it wants to leave and may not. */
function needsNoEntry({ instances, stored, world }: Context, { kind, metadata }: Claim): boolean {
  const { namespace, name } = metadata;
  return instances.all.some(({ slot }) => {
    const isBound = stored.ledger(slot)?.claims.some((one) => one.kind === kind && one.name === name && !one.hasRow);
    const { deployment, suspend } = world.truth.instances.reader.get(slot)?.spec ?? {};
    // Suspended it takes over no other cloud: what was decided for the former one stands.
    const cloud = suspend === true ? undefined : deployment?.cloud;
    return slot.namespace === namespace && isBound === true && (cloud === undefined || cloud === 'AWS');
  });
}

/** The credential that the Secret holds for the bucket of a claim; `undefined` where it holds none of the bucket. */
function heldFor({ stored }: Context, { object, target, slot }: Report): string | undefined {
  const { entries, slot: bucket } = parseOutputs(stored.data(slot) ?? {});
  if (object.kind === 'TeamStorage') return entries.get(target.bucket);
  return bucket?.bucket === target.bucket && bucket.path === target.path ? bucket.credential : undefined;
}
