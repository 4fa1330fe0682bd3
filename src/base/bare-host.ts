/** A host in the form that sockets need: an IPv6 address without the brackets of a URL. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
