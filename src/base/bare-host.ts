/** A host as sockets want it: an IPv6 address without the brackets that URLs put around it. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
