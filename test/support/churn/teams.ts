import { applySecret, applyStorage, deleteStorage, requestValidation } from '../../servers/objects.ts';
import { adminRequest } from '../../servers/shared.ts';
import type { Place } from './places.ts';

/** A team of the population: it comes and goes, and its name and bucket stay. */
export interface Team {
  readonly name: string;
  readonly place: Place;
  readonly secret: string;
  /** Another team is on the same bucket. */
  readonly isSharing: boolean;
  isPresent: boolean;
  /**
   * Paths of deleted objects that said `Retain`: they stay published until an object of that name has that path again, or
   * says `Remove`, since the policy of the present object counts for all that was published under its name.
   */
  readonly retained: Set<string>;
  /** Index of the key in its Secret. */
  key: number;
  spec: TeamSpec;
}

export interface TeamSpec {
  readonly path: string;
  readonly isolation: 'Required' | 'Preferred';
  readonly deletionPolicy: 'Retain' | 'Remove';
  readonly ignore: readonly string[];
  readonly interval: string;
  readonly suspend: boolean;
}

const SPEC = { isolation: 'Preferred', deletionPolicy: 'Retain', ignore: [], interval: '1h', suspend: false } as const;

/** `sharing` of the teams are on buckets of others. */
export function createTeams(places: readonly Place[], sharing: number): readonly Team[] {
  return Array.from({ length: places.length + sharing }, (_, index) => {
    const place = places[index % places.length];
    if (place === undefined) throw new Error('no places');
    const name = `team-${String(index).padStart(2, '0')}`;
    return {
      ...{ name, place, isPresent: false, retained: new Set<string>(), key: 0 },
      secret: `key-${index % places.length}`,
      isSharing: index % places.length < sharing,
      spec: { ...SPEC, path: `${name}/a` },
    };
  });
}

/** Applies it as it is asked for now. */
export async function applyTeam(namespace: string, team: Team): Promise<void> {
  const { name, place, secret, spec } = team;
  const { path, isolation, deletionPolicy, ignore, interval, suspend } = spec;
  await applyStorage(namespace, 'TeamStorage', name, {
    ...{ team: name, bucket: place.spec(secret, path), isolation, deletionPolicy, suspend },
    // A path is a place of its own.
    bucketChangePolicy: 'Allow',
    validation: { interval, ignore },
  });
  team.isPresent = true;
  if (deletionPolicy === 'Remove') team.retained.clear();
  else team.retained.delete(path);
}

export async function deleteTeam(namespace: string, team: Team): Promise<void> {
  await deleteStorage(namespace, 'TeamStorage', team.name);
  team.isPresent = false;
  if (team.spec.deletionPolicy === 'Retain') team.retained.add(team.spec.path);
}

export async function putKey(namespace: string, { secret, place, key }: Team): Promise<void> {
  await applySecret(namespace, secret, place.keys[key % place.keys.length] ?? {});
}

export async function deleteSecret(namespace: string, { secret }: Team): Promise<void> {
  await adminRequest('DELETE', `/api/v1/namespaces/${namespace}/secrets/${secret}`);
}

export async function ask(namespace: string, team: Team): Promise<void> {
  await requestValidation(namespace, 'TeamStorage', team.name);
}
