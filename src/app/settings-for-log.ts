import { defined } from '../base/defined.ts';
import { PUBLIC_CLOUDS, type CloudEndpoints } from '../domain/bucket/store-endpoint.ts';
import type { LogFields } from '../ports/log.ts';
import type { OperatorOptions } from './operator-options.ts';

/**
 * Version, namespaces and the flags that were set, for the log line at the start. Of a proxy only the host is logged:
 * its URL may hold a password.
 */
export function settingsForLog(options: OperatorOptions): LogFields {
  const { version, namespaces, workers, leaderElection, ambient } = options;
  const { httpProxy, httpsProxy, noProxy } = options.proxy;
  return {
    version,
    namespaces: namespaces ?? 'all',
    workers,
    ...defined({
      watchLabelSelector: options.watchLabelSelector?.text,
      leaderElection: leaderElection && `${leaderElection.namespace}/${leaderElection.name}`,
      allowedEndpoints: listed(options.allowedEndpoints),
      deniedCidrs: listed(options.deniedCidrs),
      endpoints: otherClouds(options.clouds),
      secretsWithoutLabel: setOnly(!options.requireSecretLabel),
      ambientCredentials: setOnly(ambient !== undefined),
      allowPublicBuckets: setOnly(options.allowPublicBuckets),
      httpsProxy: hostOf(httpsProxy),
      httpProxy: hostOf(httpProxy),
      noProxy,
    }),
  };
}

function listed(list: readonly string[]): readonly string[] | undefined {
  return list.length === 0 ? undefined : list;
}

function setOnly(flag: boolean): true | undefined {
  return flag ? true : undefined;
}

/** Endpoints that differ from those of the public clouds. */
function otherClouds(clouds: CloudEndpoints): Readonly<Record<string, string>> | undefined {
  const known: Readonly<Record<string, string>> = { ...PUBLIC_CLOUDS };
  const others = Object.entries(clouds).filter(([cloud, url]) => known[cloud] !== url);
  return others.length === 0 ? undefined : Object.fromEntries(others);
}

function hostOf(url: string | undefined): string | undefined {
  if (url === undefined || url === '') return undefined;
  // Proxies are also accepted without a scheme.
  return URL.parse(url.includes('://') ? url : `http://${url}`)?.host;
}
