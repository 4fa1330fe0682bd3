/**
 * For each client of the SDK: no second try (our schedule retries, and a hidden
 * retry hides a fault), no endpoint but the given one, and no log, in which the
 * SDK would write signed URLs and headers.
 */
export const STRICT_CLIENT = {
  maxAttempts: 1,
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  defaultUserAgentProvider: () => Promise.resolve([['byob-operator', '0.1']] as [string, string][]),
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
};

function ignore(): void {
  // nothing is kept
}
