import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { only, rendered } from './render.ts';

const ON = { serviceMonitor: { enabled: true }, prometheusRule: { enabled: true }, dashboard: { enabled: true } };

describe('monitoring by the chart (real Helm)', () => {
  it('carries the alerts as they are, their own templates untouched', async () => {
    const rule = only(await rendered('byob-operator', { metrics: ON }), 'PrometheusRule');

    const { spec } = parse(readFileSync('config/alerts/byob-operator.yaml', 'utf8')) as { readonly spec: unknown };
    expect(rule['spec']).toEqual(spec);
    expect(JSON.stringify(spec)).toContain('{{ $labels.name }}');
  });

  it('carries the dashboard as it is', async () => {
    const { data, metadata } = only(await rendered('byob-operator', { metrics: ON }), 'ConfigMap');

    const file = readFileSync('config/grafana/byob-operator.json', 'utf8');
    expect((data as Readonly<Record<string, string>>)['byob-operator.json']?.trim()).toBe(file.trim());
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
  });

  it('lets the metrics keep the namespaces of the objects that they tell of', async () => {
    const manifests = await rendered('byob-operator', { metrics: ON });

    const { endpoints, selector } = only(manifests, 'ServiceMonitor')['spec'] as {
      readonly endpoints: readonly [{ readonly port: string; readonly honorLabels: boolean }];
      readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    };
    const service = only(manifests, 'Service');
    expect(service.metadata.labels).toMatchObject(selector.matchLabels);
    expect((service['spec'] as { readonly ports: readonly unknown[] }).ports).toMatchObject([
      { name: endpoints[0].port },
    ]);
    expect(endpoints[0].honorLabels).toBe(true);
  });

  it('is left out unless it is asked for: its kinds may not be there', async () => {
    const kinds = (await rendered('byob-operator', {})).map(({ kind }) => kind);

    expect(kinds).not.toEqual(expect.arrayContaining([expect.stringMatching(/Monitor|PrometheusRule|ConfigMap/)]));
  });
});
