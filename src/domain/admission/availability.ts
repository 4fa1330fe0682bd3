import type { InstanceStorage, InstanceStorageSpec } from '../../api/resources.ts';
import { MATRICES } from './generated/availability.ts';
import type { Problem } from '../conditions/problem.ts';
import type { BucketStorage } from '../bucket/storage.ts';
import type { Resolution } from './resolve-claim.ts';

type Level = 'instance' | 'team';
type Provider = BucketStorage['provider'];

/** The matrix that applies if the spec names none. */
export const DEFAULT_MATRIX = 'byob-2024';

/**
 * Why W&B does not offer a bucket of this provider here; `undefined` if it does. The matrices and their sources are in
 * `config/availability`; the admission policy is generated from them too.
 */
export function notAvailable(
  { type, cloud, availability = DEFAULT_MATRIX }: InstanceStorageSpec['deployment'],
  level: Level,
  provider: Provider,
): Problem | undefined {
  const cell = cellOf(availability, type, cloud);
  const offered = cell?.[level].providers ?? [];
  if (offered.includes(provider)) return undefined;
  const offers = offered.length === 0 ? 'no bucket of your own there' : offered.join(', ');
  const elsewhere = MATRICES.map(({ name }) => name).filter((name) =>
    cellOf(name, type, cloud)?.[level].providers.includes(provider),
  );
  return {
    reason: 'NotAvailable',
    message: `W&B does not offer ${provider} at ${level} level for ${type} on ${cloud} by ${availability}${cell === undefined ? '' : ` ("${cell.quote}")`}; it offers ${offers}.`,
    remedy:
      elsewhere.length === 0
        ? 'Choose one of those, or correct spec.deployment of the InstanceStorage.'
        : `Choose one of those, correct spec.deployment of the InstanceStorage, or, if W&B has agreed that with you, set its spec.deployment.availability to ${elsewhere.join(' or ')}.`,
    failureClass: 'spec',
  };
}

/** The same for a claim's bucket, at the level of its kind. */
export function unavailability(
  { object, storage }: Pick<Resolution, 'object' | 'storage'>,
  { spec }: Pick<InstanceStorage, 'spec'>,
): Problem | undefined {
  const level = object.kind === 'InstanceStorage' ? 'instance' : 'team';
  return storage === undefined ? undefined : notAvailable(spec.deployment, level, storage.provider);
}

interface Cell {
  readonly deployment: string;
  readonly clouds: readonly string[];
  readonly instance: { readonly providers: readonly string[] };
  readonly team: { readonly providers: readonly string[] };
  readonly quote: string;
}

function cellOf(matrix: string, deployment: string, cloud: string): Cell | undefined {
  const cells: readonly Cell[] = MATRICES.find(({ name }) => name === matrix)?.cells ?? [];
  return cells.find((cell) => cell.deployment === deployment && cell.clouds.includes(cloud));
}
