import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseAllDocuments, stringify } from 'yaml';
import { operatorCommand } from '../../src/cli/operator-command.ts';
import { byob } from '../cli/byob.ts';
import { adminRequest, newNamespace } from '../servers/shared.ts';
import { run, template } from '../charts/render.ts';
import { anchorsOf, BLOCKS, commandsOf, linksOf, PAGES } from './pages.ts';

describe('links', () => {
  it.each(PAGES.filter((page) => linksOf(page).length > 0))('of $path lead somewhere', (page) => {
    for (const { file, anchor } of linksOf(page)) {
      const target = file === '' ? page.path : normalize(join(dirname(page.path), file));
      expect([page.path, target, existsSync(target)]).toEqual([page.path, target, true]);
      if (anchor === '' || statSync(target).isDirectory()) continue;
      expect([...anchorsOf(readFileSync(target, 'utf8'))]).toContain(anchor);
    }
  });

  it('lead to every page from the README, over others', () => {
    const reached = new Set<string>();
    const follow = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      const page = PAGES.find((one) => one.path === path);
      for (const { file } of page === undefined ? [] : linksOf(page)) {
        const target = normalize(join(dirname(path), file));
        // A link to a folder shows what is in it.
        for (const one of PAGES) if (one.path === target || dirname(one.path) === target) follow(one.path);
      }
    };
    follow('README.md');
    const lost = PAGES.map(({ path }) => path).filter(
      (path) => !reached.has(path) && !path.endsWith('introduction.md'),
    );
    expect(lost).toEqual([]);
  });
});

// A block that shows an error shows what is refused.
const COMMANDS = BLOCKS.filter(({ language, text }) => language !== 'yaml' && !text.includes('Error:')).flatMap(
  (block) => commandsOf(block).map((command) => ({ page: block.page, command })),
);
const { scripts: SCRIPTS } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Subcommands of kubectl that have subcommands themselves. */
const DEEP = new Set(['create', 'rollout', 'auth', 'config']);

/** A command without what runs in a container, and without the programs that read its output. */
function firstProgram(command: string): string {
  return command.split(/ -- | \| /)[0] ?? '';
}

/** The answer of a program to these arguments; asked once, because hundreds of commands have the same help. */
function onceAsked<T>(ask: (args: readonly string[]) => Promise<T>): (...args: readonly string[]) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (...args) => {
    const key = args.join(' ');
    const answer = answers.get(key) ?? ask(args);
    answers.set(key, answer);
    return answer;
  };
}

const askByob = onceAsked((args) => byob(args));
const askKubectl = onceAsked((args) => run('kubectl', args));

function helpHas(help: string, flag: string): boolean {
  return help.split(/[\s,]+/).includes(flag);
}

describe('commands that the documentation prints', () => {
  it.each(COMMANDS.filter(({ command }) => command.startsWith('npm run ')))(
    '$page: $command is a task',
    ({ command }) => {
      expect(Object.keys(SCRIPTS)).toContain(command.split(' ')[2]);
    },
  );

  it.each(COMMANDS)('$page: $command names files that are there', ({ command }) => {
    const files = command.split(/[\s=]/).filter((word) => /^(config|charts|crds|docs|test|scripts)\//.test(word));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
  });

  it.each(COMMANDS.filter(({ command }) => /^(kubectl )?byob /.test(command)))(
    '$page: $command is one that byob has, with flags that it knows',
    async ({ command }) => {
      const [name = '', ...words] = firstProgram(command)
        .replace(/^(kubectl )?byob /, '')
        .split(/[ =]+/);
      const { status, stdout } = await askByob(name, '--help');
      expect([name, status]).toEqual([name, 0]);
      expect(words.filter((word) => word.startsWith('-') && word !== '-' && !helpHas(stdout, word))).toEqual([]);
    },
  );

  it.each(COMMANDS.filter(({ command }) => /^kubectl (?!byob |krew )/.test(command)))(
    '$page: $command is one that kubectl has, with flags that it knows',
    async ({ command }) => {
      const words = firstProgram(command)
        .split(/\s+(?=(?:[^'"]|'[^']*'|"[^"]*")*$)/)
        .slice(1);
      const names = words.filter((word) => /^[a-z][a-z-]*$/.test(word));
      const depth = names[0] === 'create' && names[1] === 'secret' ? 3 : DEEP.has(names[0] ?? '') ? 2 : 1;
      const path = names.slice(0, depth);
      const { code, stdout } = await askKubectl(...path, '--help');
      const { stdout: global } = await askKubectl('options');
      expect([path, code]).toEqual([path, 0]);
      const flags = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
      expect(
        flags.filter((flag) => !`${stdout}${global}`.includes(`${flag}=`) && !stdout.includes(`${flag}[`)),
      ).toEqual([]);
    },
  );

  it('name no flag of the operator that it does not have', () => {
    const known = new Set(operatorCommand().options.map(({ long }) => long));
    const used = PAGES.filter(({ path }) => path.startsWith('docs/') && !path.startsWith('docs/runbooks'))
      .flatMap(({ path, text }) => [...text.matchAll(/`(--[a-z][a-z-]+)/g)].map(([, flag = '']) => ({ path, flag })))
      .filter(({ flag }) =>
        /^--(allowed|denied|allow-public|ambient|leader|aws|gcs|gcp|azure|coreweave|secrets|metrics|health|workers|log)/.test(
          flag,
        ),
      );
    expect(
      used.filter(({ flag }) => !known.has(flag) && ![...known].some((one) => one?.startsWith(flag) === true)),
    ).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });
});

interface Sample {
  readonly page: string;
  readonly object: Readonly<Record<string, unknown>> & { readonly kind?: unknown; readonly apiVersion?: unknown };
}

/** YAML of our kinds: in fences, and what a command is given to apply. */
const SAMPLES: readonly Sample[] = BLOCKS.flatMap(({ page, language, text }) => {
  const sources =
    language === 'yaml' ? [text] : [...text.matchAll(/<<'?EOF'?\n([\s\S]*?)\n *EOF/g)].map(([, body = '']) => body);
  return sources.flatMap((source) =>
    parseAllDocuments(source).map((document) => {
      expect([page, document.errors]).toEqual([page, []]);
      return { page, object: (document.toJS() ?? {}) as Sample['object'] };
    }),
  );
}).filter(({ object }) => object.kind === 'InstanceStorage' || object.kind === 'TeamStorage');

describe('objects that the documentation prints, on the real API server', () => {
  let namespace = '';
  beforeAll(async () => {
    namespace = await newNamespace('docs');
  });
  afterAll(async () => {
    await adminRequest('DELETE', `/api/v1/namespaces/${namespace}`);
  });

  it('are some', () => {
    expect(SAMPLES.filter(({ object }) => object.apiVersion !== undefined).length).toBeGreaterThan(3);
  });

  // A fragment shows one field and leaves out the rest.
  it.each(SAMPLES.filter(({ object }) => object.apiVersion !== undefined))(
    'of $page are taken, no field is unknown',
    async ({ object }) => {
      const plural = `${String(object.kind).toLowerCase()}s`;
      const path = `/apis/storage.wandb.com/v1alpha1/namespaces/${namespace}/${plural}?dryRun=All&fieldValidation=Strict`;
      const metadata = { ...(object['metadata'] as object), namespace };
      const { status, body } = await adminRequest('POST', path, { ...object, metadata });
      expect([status, body['message']]).toEqual([201, undefined]);
    },
  );
});

it('values of the chart that pages print are taken by its schema', async () => {
  const blocks = BLOCKS.filter(
    ({ language, text }) =>
      language === 'yaml' &&
      /^(operator|rbac|watch|metrics|networkPolicy|serviceAccount):/m.test(text) &&
      !text.includes('kind:'),
  );
  for (const { page, text } of blocks) {
    const values = parseAllDocuments(text)[0]?.toJS() as Readonly<Record<string, unknown>>;
    const { code, stderr } = await template('byob-operator', values);
    expect([page, code, code === 0 ? '' : stderr, stringify(values)]).toEqual([page, 0, '', stringify(values)]);
  }
});
