/** HTTP proxies as the environment names them, read once by the composition root. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

/** The proxy for a target, or `undefined` for a direct connection. */
export function proxyFor(
  settings: ProxySettings,
  target: { readonly tls: boolean; readonly host: string; readonly port: number },
): URL | undefined {
  const proxy = target.tls ? settings.httpsProxy : settings.httpProxy;
  if (proxy === undefined || proxy === '' || isExempt(settings.noProxy ?? '', target)) return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

/** `NO_PROXY`: `*`, or hosts and suffixes with an optional port, separated by commas. */
function isExempt(noProxy: string, target: { readonly host: string; readonly port: number }): boolean {
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', port] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (port !== undefined && Number(port) !== target.port) return false;
      const host = target.host.toLowerCase();
      return host === name || host.endsWith(`.${name}`);
    });
}
