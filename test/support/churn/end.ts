import { parse } from 'yaml';
import { auditMark, writesSince } from '../../servers/audit.ts';
import { listEverything } from '../../servers/minio.ts';
import { readSecret } from '../../servers/objects.ts';
import { ledgerText, OUTPUT, rawData } from '../../servers/outputs.ts';
import { sharedServers } from '../../servers/shared.ts';
import { until } from '../../servers/until.ts';
import { pause } from './actions.ts';
import { holdersOf } from './heap.ts';
import { logFlaws } from './log.ts';
import type { Team } from './teams.ts';
import type { World } from './world.ts';

/** Longer than the operator waits for a time without deletions. */
const REMOVAL_SECONDS = 180;
/** So long nothing is written at rest, */
const REST_MS = 5_000;
/** which begins after as many seconds at most. */
const REST_SECONDS = 20;
/**
 * The limit of events for each object outlasts it, so that it is not got round; it is kept for 10,000 objects at most.
 * A bundler renames a variable whose name another one has: this name stands once in the source.
 */
const HOLDERS = new Set(['eventCredits']);

/** What is not as it must be when all teams are well again and nothing happens any more. */
export async function finalFlaws(world: World): Promise<readonly string[]> {
  const { namespace, operator, population } = world;
  await population.untilWell();
  const published = await untilPublished(namespace, population.teams);
  const atRest = await untilNothingIsWritten(operator.user, namespace);
  const held = await heldFlaws(world);
  return [...published, ...atRest, ...held, ...(await leftovers(world)), ...logFlaws(operator.rawLog())];
}

/** Events and counts follow what was published last. */
async function untilNothingIsWritten(user: string, namespace: string): Promise<readonly string[]> {
  const { auditLog } = sharedServers();
  let flaws: readonly string[] = [];
  const isSilent = async (): Promise<boolean> => {
    const mark = auditMark(auditLog);
    await pause(REST_MS);
    const writes = writesSince(auditLog, mark, { user, namespace });
    flaws = writes.map(({ verb, resource, name }) => `written at rest: ${verb} ${resource} ${name}`);
    return flaws.length === 0;
  };
  return until('nothing is written', isSilent, REST_SECONDS).then(
    () => [],
    () => flaws,
  );
}

/** Waits until the outputs hold what they should, and nothing else. */
async function untilPublished(namespace: string, teams: readonly Team[]): Promise<readonly string[]> {
  const wanted = teams.flatMap(claimsOf).sort();
  const buckets = [...new Set(teams.filter(isPublished).map(({ place }) => place.bucket))];
  let flaws: readonly string[] = [];
  const isRight = async (): Promise<boolean> => {
    flaws = [...differences('claim', wanted, await listedClaims(namespace)), ...(await entryFlaws(namespace, buckets))];
    return flaws.length === 0;
  };
  return until('the outputs are right', isRight, REMOVAL_SECONDS).then(
    () => [],
    () => flaws,
  );
}

/** What is published for a team: its present place, and those that it has left behind. */
function claimsOf({ name, place, spec, isPresent, retained }: Team): readonly string[] {
  const paths = [...retained, ...(isPresent ? [spec.path] : [])];
  return paths.map((path) => `TeamStorage/${name} ${place.bucket}/${path}`);
}

function isPublished({ isPresent, retained }: Team): boolean {
  return isPresent || retained.size > 0;
}

/** The claims of teams in the list of the ConfigMap, with their places. */
async function listedClaims(namespace: string): Promise<readonly string[]> {
  const listed = parse((await rawData(namespace, 'configmaps', OUTPUT))['stores.yaml'] ?? '[]') as readonly {
    readonly claim: string;
    readonly address: string;
  }[];
  return listed
    .filter(({ claim }) => claim.startsWith('TeamStorage/'))
    .map(({ claim, address }) => `${claim} ${/[@/](churn-[0-9a-f]{8}\/[\w/-]+)/.exec(address)?.[1] ?? address}`)
    .sort();
}

/** Each of these buckets has one entry, and there is no other. */
async function entryFlaws(namespace: string, buckets: readonly string[]): Promise<readonly string[]> {
  const entries = (await readSecret(namespace, OUTPUT))?.['SUPPORTED_FILE_STORES']?.split(',') ?? [];
  const found = entries.map((entry) => /[@/](churn-[0-9a-f]{8})(?![\w-])/.exec(entry)?.[1] ?? 'another bucket').sort();
  return differences('entry', buckets.toSorted(), found);
}

function differences(what: string, wanted: readonly string[], found: readonly string[]): readonly string[] {
  const missing = wanted.filter((one) => !found.includes(one)).map((one) => `${what} is missing: ${one}`);
  const odd = found.filter((one) => !wanted.includes(one)).map((one) => `${what} should not be there: ${one}`);
  const isTwice = missing.length === 0 && odd.length === 0 && wanted.length !== found.length;
  return [...missing, ...odd, ...(isTwice ? [`${what}: ${found.length} in place of ${wanted.length}`] : [])];
}

/** What is still known of objects that are gone, and that the ledger does not name. */
async function heldFlaws({ namespace, sampler, view }: World): Promise<readonly string[]> {
  const ledger = await ledgerText(namespace);
  const gone = view.gone().filter((uid) => !ledger.includes(uid));
  const holders = holdersOf(await sampler.snapshotHeap(), new Set(gone));
  return [...holders]
    .filter(([name]) => !HOLDERS.has(name))
    .map(([name, count]) => `${name} in the operator holds ${count} of ${gone.length} objects that are gone`);
}

/** Nobody but probes puts anything into these buckets. */
async function leftovers({ stores, instanceBucket }: World): Promise<readonly string[]> {
  const places = [
    ...stores.places,
    { bucket: instanceBucket, list: () => listEverything(sharedServers().minio, instanceBucket) },
  ];
  const lists = await Promise.all(
    places.map(async (place) => (await place.list()).map((line) => `left in ${place.bucket}: ${line}`)),
  );
  return lists.flat();
}
