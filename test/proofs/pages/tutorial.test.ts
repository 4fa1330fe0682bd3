import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { temporaryFolder } from '../../servers/process.ts';
import { BLOCKS } from '../../docs/pages.ts';
import { openPage, openTerminal, tableOf, type Terminal } from '../../docs/terminal.ts';

// The page is followed as it is written, on a demo of its own: each block is entered in a terminal.
const page = openPage('docs/tutorial/first-bucket.md');
jest.setTimeout(600_000);
const environment: Record<string, string> = { KUBECACHEDIR: temporaryFolder('byob-tutorial-') };
let terminal: Terminal;
let demo = '';
let isEnded = false;

const apply = (name: string): string => `kubectl apply -n wandb -f - <<EOF
apiVersion: storage.wandb.com/v1alpha1
kind: TeamStorage
metadata: {name: ${name}}`;
/** What the page shows of an answer: the one block that has this. */
const shown = (part: string): string => {
  const found = BLOCKS.filter(
    ({ page: path, language, text }) =>
      path === 'docs/tutorial/first-bucket.md' && language === 'text' && text.includes(part),
  );
  expect(found).toHaveLength(1);
  return found[0]?.text ?? '';
};
/** Without what differs each time: addresses, fingerprints, accounts, times, widths of columns. */
const constant = (text: string): string =>
  text
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/fingerprint [0-9a-f]{8}/g, 'fingerprint ID')
    .replace(/byob[0-9a-f]{8}\b/g, 'ACCOUNT')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME')
    .replace(/ (\d+m)?\d+[sm]\b/g, ' AGE')
    .replace(/ {2,}/g, '  ')
    .trim();
const lineAfter = (title: string): string => new RegExp(`${title}\\s+(.+)`).exec(demo)?.[1] ?? '';
const storages = async (): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> =>
  new Map(tableOf(await terminal.enter('kubectl get wbts -n wandb')).map((row) => [row['NAME'] ?? '', row]));

beforeAll(async () => {
  terminal = await openTerminal(environment);
});

afterAll(async () => {
  if (!isEnded && lineAfter('end it:') !== '') await terminal.enter(lineAfter('end it:'));
});

it('1: the demo ends well, and prints how to reach the cluster and how to end it', async () => {
  demo = await terminal.enter(page.block('npm run demo'));
  expect(lineAfter('reach it:')).toMatch(/^export KUBECONFIG=\S+$/);
  expect(lineAfter('end it:')).toMatch(/^kill -9 [0-9 ]+; rm -r /);
  const [title = ''] = shown('reach it:').split('\n');
  expect(demo.slice(demo.lastIndexOf('\n=='))).toContain(title);
  environment['KUBECONFIG'] = lineAfter('reach it:').split('=')[1] ?? '';
  terminal = await openTerminal(environment);
});

it('2: all objects are Ready, and a team shows each of its checks with the result', async () => {
  const printed = await terminal.enter(page.block('kubectl get wbis,wbts'));
  expect(constant(printed)).toBe(constant(shown('instancestorage.storage.wandb.com/wandb')));
  const checks = await terminal.enter(page.block("kubectl get wbts omega -n wandb -o jsonpath='{range"));
  expect(checks.startsWith(shown('NameValid'))).toBe(true);
  const results = new Set(checks.match(/^\w+/gm));
  expect(results).toEqual(new Set(['Pass', 'Warn', 'Unknown', 'Skip']));
  expect(checks.match(/^Unknown/gm)).toHaveLength(2);
  const rows = await storages();
  expect([...rows.values()].map((row) => row['READY'])).toEqual(Array(rows.size).fill('True'));
});

it('3: without the label two teams are not Ready, and stay published', async () => {
  const printed = await terminal.enter(
    page.block('kubectl label secret omega-bucket -n wandb storage.wandb.com/allow-'),
  );
  expect(printed).toContain('condition met');
  expect(constant(printed)).toContain(constant(shown('omega   False')));
  expect(printed.match(/SecretNotAllowed/g)).toHaveLength(2);
  const rows = await storages();
  for (const name of ['omega', 'sigma']) {
    expect(rows.get(name)).toMatchObject({ READY: 'False', REASON: 'SecretNotAllowed', PUBLISHED: 'True' });
  }
  expect([...rows.values()].filter((row) => row['READY'] === 'False')).toHaveLength(2);
  const message = await terminal.enter(page.block("kubectl get wbts omega -n wandb -o jsonpath='{.status.cond"));
  expect(constant(message)).toBe(constant(shown('Still published')));
  // The command of step 4 is the one of the message, and ends its line.
  expect(message).toContain(
    `${page.block('kubectl label secret omega-bucket -n wandb storage.wandb.com/allow=true').split('\n')[0] ?? ''}\n`,
  );
});

it('4: with the label both are Ready again', async () => {
  const printed = await terminal.enter(
    page.block('kubectl label secret omega-bucket -n wandb storage.wandb.com/allow=true'),
  );
  expect(printed.match(/condition met/g)).toHaveLength(2);
});

it('5: two teams of one’s own become Ready, and the second one shares its bucket', async () => {
  for (const name of ['lambda', 'tau']) {
    expect(await terminal.enter(page.block(apply(name)))).toContain(`teamstorage.storage.wandb.com/${name} created`);
  }
  const row = await terminal.enter(page.block('kubectl get wbts tau -n wandb -o wide'));
  expect(constant(row)).toBe(constant(shown('ISOLATED')));
  expect(await terminal.enter(page.block('kubectl get wbts tau -n wandb -o jsonpath='))).toBe(shown('teamName'));
});

it('6: the outputs hold each bucket once, and no key is printed', async () => {
  const printed = [
    await terminal.enter(page.block("kubectl get configmap wandb-storage -n wandb -o jsonpath='{.data.stores")),
    await terminal.enter(page.block('kubectl get secret wandb-storage')),
    await terminal.enter(page.block("kubectl get configmap wandb-storage -n wandb -o jsonpath='{.data.values")),
  ];
  const [listed = '', stores = '', values = ''] = printed;
  expect(constant(listed).endsWith(constant(shown('provenAt')))).toBe(true);
  expect(listed).not.toMatch(/kappa|lambda/);
  expect(constant(stores)).toBe(constant(shown('gs://***@iota-data')));
  for (const bucket of ['omega-data', 'theta-data', 'delta-data']) {
    expect(listed).toContain(bucket);
    expect(stores.split(bucket)).toHaveLength(2);
  }
  expect(values).toContain('secretKeyRef');
  const secrets = await terminal.enter(
    "kubectl get secret omega-bucket theta-bucket delta-account -n wandb -o jsonpath='{.items[*].data}'",
  );
  const keys = secrets.match(/"[A-Za-z0-9+/=]{8,}"/g) ?? [];
  expect(keys.length).toBeGreaterThan(3);
  for (const value of keys) {
    const text = Buffer.from(value.slice(1, -1), 'base64').toString('utf8');
    const [, key = text] = /"private_key": ?"-+BEGIN[^-]+-+\\n(.{20})/.exec(text) ?? [];
    for (const form of [key, encodeURIComponent(key), value.slice(1, -1)]) expect(printed.join('')).not.toContain(form);
  }
});

it('the demo runs in an existing cluster, too: in a namespace of its own, and only that is deleted', async () => {
  const outside =
    'kubectl get crd,clusterrole,clusterrolebinding -o name; kubectl get wbis,wbts,role,sa -n wandb -o name';
  const before = await terminal.enter(outside);
  const printed = await terminal.enter('npm run demo -- --context "$(kubectl config current-context)"');
  expect(printed).toMatch(/^Done in /m);
  expect(await terminal.enter(outside)).toBe(before);
  // Nothing in this cluster empties namespaces.
  const phase = await terminal.enter(
    "kubectl get namespace byob-demo --ignore-not-found -o jsonpath='{.status.phase}'",
  );
  expect(phase.trim()).toMatch(/^(Terminating)?$/);
});

it('7: the last command ends all servers and deletes their data', async () => {
  const { KUBECONFIG: kubeconfig = '' } = environment;
  expect(readFileSync(kubeconfig, 'utf8')).toContain('server:');
  await terminal.enter(lineAfter('end it:'));
  isEnded = true;
  expect(existsSync(kubeconfig)).toBe(false);
  await expect(terminal.enter('kubectl get namespaces')).rejects.toThrow();
});

it('has no block that was not entered', () => {
  expect(page.left()).toEqual([]);
});
