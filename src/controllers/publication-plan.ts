import { isSameLedger, type Ledger } from '../domain/ledger.ts';
import { renderOutputs, type FileStoresFormat, type Outputs } from '../domain/outputs.ts';
import type { Problem } from '../domain/problem.ts';
import type { DeploymentCloud } from '../domain/file-stores.ts';
import { updateLedger, type LiveClaim, type Publication } from '../domain/update-ledger.ts';
import { packLedger, type PackedLedger } from './ledger-secret.ts';

/** The API server takes at most so many bytes of data in a Secret or ConfigMap. */
const MAX_DATA_BYTES = 1024 * 1024;

/** What a publication is to bring about. */
export interface PublicationPlan {
  readonly ledger: Ledger;
  /** Absent when the ledger stands as it is. */
  readonly packed?: PackedLedger;
  readonly outputs: Outputs;
  readonly publications: ReadonlyMap<string, Publication>;
}

export interface PlanInput {
  readonly ledger: Ledger;
  readonly live: readonly LiveClaim[];
  readonly cloud: DeploymentCloud;
  readonly format: FileStoresFormat;
  readonly secretName: string;
  /** For tests; the API server's limit otherwise. */
  readonly maxBytes?: number;
}

/**
 * Plans the next ledger and its outputs. Where one of them would be larger than
 * an object may be, newcomers are refused: what is published stays as it is.
 */
export async function planPublication(input: PlanInput): Promise<PublicationPlan> {
  const wanted = await plan(input, undefined);
  const problem = problemOf(wanted, input.maxBytes ?? MAX_DATA_BYTES);
  return problem === undefined ? wanted : plan(input, problem);
}

async function plan(input: PlanInput, closedFor: Problem | undefined): Promise<PublicationPlan> {
  const { cloud, format, secretName } = input;
  const rules = { cloud, separator: format.separator, ...(closedFor !== undefined && { closedFor }) };
  const { ledger, publications } = updateLedger(input.ledger, input.live, rules);
  const outputs = renderOutputs(ledger, { secretName, cloud, format });
  if (isSameLedger(ledger, input.ledger)) return { ledger, outputs, publications };
  return { ledger, packed: await packLedger(ledger), outputs, publications };
}

function problemOf({ packed, outputs }: PublicationPlan, limit: number): Problem | undefined {
  const sizes = [
    ['the ledger', packed?.bytes ?? 0],
    ['the Secret', bytesOf(outputs.secret)],
    ['the ConfigMap', bytesOf(outputs.configMap)],
  ] as const;
  const over = sizes.find(([, bytes]) => bytes > limit);
  if (over === undefined) return undefined;
  const [what, bytes] = over;
  return {
    reason: 'InstanceFull',
    message: `The instance is full: with the stores that are new, ${what} would take ${bytes} bytes of the ${limit} that one object can hold.`,
    remedy: 'Delete TeamStorages that are no longer needed, or remove stores that are retained.',
    failureClass: 'external',
  };
}

/** As the API server counts: values without base64; keys are a handful. */
function bytesOf(data: Readonly<Record<string, string>>): number {
  return Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
}
