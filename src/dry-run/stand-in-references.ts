import { err, ok, type Result } from '../base/result.ts';
import { Secret } from '../base/secret.ts';
import type { ReferenceReader, References } from '../controllers/references/references.ts';
import type { Findings } from '../controllers/storage/findings.ts';
import type { StorageObject } from '../controllers/storage/resolved-storage.ts';
import type { ConditionReasonName } from '../domain/conditions/reasons.ts';
import type { Problem } from '../domain/conditions/problem.ts';
import type { SignIn } from '../domain/credentials/sign-in.ts';

/** Reasons that, without a cluster, only say that an object is in none of the files. */
const NOT_GIVEN: ReadonlySet<string> = new Set<ConditionReasonName>([
  'SecretNotFound',
  'ConfigMapNotFound',
  'ServiceAccountNotFound',
  'TokenRequestFailed',
]);

/** Whether a reason, without a cluster, only says that an object is in none of the files. */
export function isNotGiven(reason: string): boolean {
  return NOT_GIVEN.has(reason);
}

/** Stands for a sign-in that is not given; nothing is signed with it. */
const UNKNOWN_SIGN_IN: SignIn = { kind: 'AccessKey', accessKeyId: 'not given', secretAccessKey: new Secret('') };

/**
 * Reads references, and lets the checks that need no credential be made where these are not given: manifests in a
 * repository seldom come with their Secrets. `withoutStandIns` gives the findings without what stood in.
 */
export function createStandInReferences(reader: Pick<ReferenceReader, 'read'>) {
  const missing = new WeakMap<SignIn, Problem>();

  async function read(wanted: Parameters<ReferenceReader['read']>[0]): Promise<Result<References, Problem>> {
    const found = await reader.read(wanted);
    if (found.ok || !isNotGiven(found.error.reason)) return found;
    const signIn = { ...UNKNOWN_SIGN_IN };
    missing.set(signIn, found.error);
    return ok({ signIn });
  }

  function withoutStandIns<T extends StorageObject>(findings: Findings<T>): Findings<T> {
    const { references } = findings;
    const problem = references?.ok === true ? missing.get(references.value.signIn) : undefined;
    return problem === undefined ? findings : { ...findings, references: err(problem) };
  }

  return { read, withoutStandIns, isStandIn: (signIn: SignIn) => missing.has(signIn) };
}
