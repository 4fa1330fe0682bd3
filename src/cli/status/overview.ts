import type { InstanceStorage, TeamStorage } from '../../api/resources.ts';
import { defined } from '../../base/defined.ts';
import { findCondition, type Condition } from '../../domain/conditions/conditions.ts';
import { problemsOf, type StorageProblem } from './problems.ts';

type Rotation = NonNullable<NonNullable<TeamStorage['status']>['rotation']>;

/** A condition as it is shown. */
export type ConditionView = Pick<Condition, 'type' | 'status' | 'reason' | 'message'> & { readonly since: string };

/** What is shown of a storage. Times are RFC 3339. */
export interface StorageView {
  readonly kind: 'InstanceStorage' | 'TeamStorage';
  readonly namespace: string;
  readonly name: string;
  readonly createdAt?: string;
  readonly deletedAt?: string;
  /** The status is about the present spec. */
  readonly judged: boolean;
  readonly suspended: boolean;
  readonly ready?: ConditionView;
  readonly published?: ConditionView;
  readonly provider?: string;
  readonly bucket?: string;
  readonly region?: string;
  /** Address of the bucket, without its key. */
  readonly address?: string;
  readonly principal?: string;
  readonly lastFullValidationTime?: string;
  readonly problems: readonly StorageProblem[];
  readonly rotation?: Rotation;
}

export interface TeamView extends StorageView {
  readonly team: string;
  /** Who reaches the files of the team. */
  readonly isolated?: ConditionView;
  readonly sharedWith: readonly string[];
  readonly filesLeftIn?: string;
}

export interface InstanceView extends StorageView {
  readonly url?: string;
  /** Names of the outputs, and the hash of the published config. */
  readonly config?: NonNullable<NonNullable<InstanceStorage['status']>['config']>;
  /** What the server runs with. */
  readonly server: {
    /** The operator is to deliver the config to the server. */
    readonly delivers: boolean;
    readonly delivered?: ConditionView;
    readonly rolledOut?: ConditionView;
    readonly deployments: readonly { readonly name: string; readonly current: boolean; readonly since?: string }[];
  };
  readonly counts?: NonNullable<NonNullable<InstanceStorage['status']>['teams']>;
  readonly teams: readonly TeamView[];
}

/** All storages: each instance with its teams, and teams of which no instance is known. */
export interface Overview {
  readonly instances: readonly InstanceView[];
  readonly teamsWithoutInstance: readonly TeamView[];
}

/** Groups storages by instance, sorted by namespace and name. */
export function overviewOf(storages: readonly (InstanceStorage | TeamStorage)[]): Overview {
  const sorted = storages.toSorted((left, right) => compare(placeOf(left), placeOf(right)));
  const instances = sorted.filter((one) => one.kind === 'InstanceStorage');
  const teams = sorted.filter((one) => one.kind === 'TeamStorage');
  const instanceOf = new Map(teams.map((team) => [team, instanceFor(team, instances)]));
  return {
    instances: instances.map((instance) =>
      instanceView(
        instance,
        teams.filter((team) => instanceOf.get(team) === instance),
      ),
    ),
    teamsWithoutInstance: teams.filter((team) => instanceOf.get(team) === undefined).map(teamView),
  };
}

/** The part of an overview about an instance, or about a team; empty if neither has the name. */
export function named(name: string, { instances, teamsWithoutInstance }: Overview): Overview {
  const ofName = instances.filter((one) => one.name === name);
  if (ofName.length > 0) return { instances: ofName, teamsWithoutInstance: [] };
  const only = (teams: readonly TeamView[]): readonly TeamView[] => teams.filter((team) => team.name === name);
  return {
    instances: instances.map((one) => ({ ...one, teams: only(one.teams) })).filter(({ teams }) => teams.length > 0),
    teamsWithoutInstance: only(teamsWithoutInstance),
  };
}

/** Every storage of an overview. */
export function storagesOf({ instances, teamsWithoutInstance }: Overview): readonly StorageView[] {
  return [...instances.flatMap((one) => [one, ...one.teams]), ...teamsWithoutInstance];
}

/** As the operator found it, or as the spec names it while there is no status yet. */
function instanceFor(team: TeamStorage, instances: readonly InstanceStorage[]): InstanceStorage | undefined {
  const here = instances.filter(({ metadata }) => metadata.namespace === team.metadata.namespace);
  const name = team.spec.instanceRef?.name ?? team.status?.instanceRef?.name;
  if (name !== undefined) return here.find(({ metadata }) => metadata.name === name);
  return here.length === 1 ? here[0] : undefined;
}

function instanceView(instance: InstanceStorage, teams: readonly TeamStorage[]): InstanceView {
  const { conditions = [], config, rollout, teams: counts } = instance.status ?? {};
  return {
    ...storageView(instance),
    ...defined({ url: instance.spec.deployment.url, config, counts }),
    server: {
      delivers: instance.spec.delivery !== undefined,
      ...defined({
        delivered: conditionView(conditions, 'Delivered'),
        rolledOut: conditionView(conditions, 'RolledOut'),
      }),
      deployments: (rollout?.workloads ?? []).map(({ name, hash, restartTime: since }) => ({
        name,
        current: hash === config?.hash,
        ...defined({ since }),
      })),
    },
    teams: teams.map(teamView),
  };
}

function teamView(team: TeamStorage): TeamView {
  const { conditions = [], isolation } = team.status ?? {};
  return {
    ...storageView(team),
    team: team.spec.team,
    ...defined({ isolated: conditionView(conditions, 'Isolated'), filesLeftIn: isolation?.filesLeftIn }),
    sharedWith: isolation?.sharedWith ?? [],
  };
}

function storageView(storage: InstanceStorage | TeamStorage): StorageView {
  const { kind, metadata, spec, status = {} } = storage;
  const { conditions = [], provider, bucket, region, address, principal, lastFullValidationTime, rotation } = status;
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    judged: status.observedGeneration === metadata.generation,
    suspended: spec.suspend === true,
    problems: problemsOf(storage),
    ...defined({
      createdAt: metadata.creationTimestamp,
      deletedAt: metadata.deletionTimestamp,
      ready: conditionView(conditions, 'Ready'),
      published: conditionView(conditions, 'Published'),
      ...{ provider, bucket, region, address, principal, lastFullValidationTime, rotation },
    }),
  };
}

function conditionView(conditions: readonly Condition[], type: string): ConditionView | undefined {
  const found = findCondition(conditions, type);
  if (found === undefined) return undefined;
  const { status, reason, message, lastTransitionTime: since } = found;
  return { type, status, reason, message, since };
}

function placeOf({ metadata: { namespace = '', name } }: InstanceStorage | TeamStorage): string {
  return `${namespace}/${name}`;
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
