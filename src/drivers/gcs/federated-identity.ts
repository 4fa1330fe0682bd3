import { JWT } from 'google-auth-library';
import type { BucketFailure } from '../../domain/observations/bucket-failure.ts';
import { err, ok } from '../../base/result.ts';
import type { BucketCall } from '../../ports/bucket-call.ts';
import type { Federation, GcpToken } from './federation.ts';
import type { Identity } from './identity.ts';
import { createUrlSigner, type GcsPlace } from './url-signer.ts';

/**
 * An identity without a key: it uses a federated token, and URLs are signed by the
 * service account that it impersonates. Without a service account it cannot sign
 * URLs.
 */
export function createFederatedIdentity(
  federation: Federation,
  account: string | undefined,
  place: GcsPlace,
): Identity {
  let token: BucketCall<GcpToken> | undefined;
  let endsAt: string | undefined;

  async function begin(): BucketCall<GcpToken> {
    const begun = await federation.token();
    if (begun.ok) endsAt = begun.value.endsAt;
    return begun;
  }

  function current(): BucketCall<GcpToken> {
    return (token ??= begin());
  }

  return {
    async authorization() {
      const shown = await current();
      return shown.ok ? ok(`Bearer ${shown.value.value}`) : shown;
    },

    async signUrl(method, name, expiresInSeconds, signal) {
      if (account === undefined) return err({ kind: 'UrlSigningDenied' });
      const shown = await current();
      if (!shown.ok) return shown;
      let failure: BucketFailure = { kind: 'UrlSigningDenied' };
      const signUrl = createUrlSigner(new JWT({ email: account }), place, async (text) => {
        const signed = await federation.signBlob({
          account,
          bearer: shown.value.value,
          bytes: Buffer.from(text),
          signal,
        });
        if (signed.ok) return signed.value;
        // The SDK would keep only the text of an error.
        failure = signed.error;
        throw new Error('not signed');
      });
      return signUrl(method, name, expiresInSeconds).then(ok, () => err(failure));
    },

    endsAt: () => endsAt,
  };
}
