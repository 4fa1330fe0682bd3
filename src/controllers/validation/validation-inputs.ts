import { keyedDigest } from '../../domain/credentials/credential.ts';
import { signInParts } from '../../domain/credentials/sign-in.ts';
import type { ValidationRequest } from './validation-request.ts';

/** Digest of all inputs of a validation. */
export function inputsOf({ target, context, ignore, salt, provenFor }: Omit<ValidationRequest, 'wake'>): string {
  return keyedDigest(salt, [
    JSON.stringify(target.storage),
    ...signInParts(target.credential),
    target.caBundle ?? '',
    context.appOrigin ?? '',
    String(context.proxiesFileStore),
    ...ignore,
    ...(provenFor === undefined ? [] : [`for ${provenFor}`]),
  ]);
}

/** Short enough to compare by eye. It identifies the inputs without revealing them. */
export function fingerprintOf(inputs: string): string {
  return inputs.slice(0, 16);
}
