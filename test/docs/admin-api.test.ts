import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAdmins } from '../../lib/admin/change/admins.ts';
import { desiredStateSchema, stateErrors } from '../../lib/admin/state/desired-state.ts';
import { parseInput } from '../../lib/json/parse-input.ts';
import { problemCodes } from '../../lib/admin/problem.ts';
import { parseYaml } from '../../lib/json/read-yaml.ts';

const blocks = (file: string, language: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text!,
  );

describe('docs/desired-state.md', () => {
  test('its example is a desired state', () => {
    const [text] = blocks('docs/desired-state.md', 'yaml');
    const parsed = parseYaml(text!);
    const state = parseInput(desiredStateSchema, parsed.ok ? parsed.value[0]?.value : undefined);
    expect(state).toMatchObject({ ok: true });
    expect(state.ok ? stateErrors(state.value) : []).toEqual([]);
  });
});

describe('docs/admin-api.md', () => {
  const text = readFileSync('docs/admin-api.md', 'utf8');

  test('explains every code of a problem, and no other', () => {
    const told = [...text.matchAll(/^\| \d{3} \| (.*?) \|/gm)].flatMap(([, cell]) =>
      cell!.replaceAll('`', '').split(', '),
    );
    expect(new Set(told)).toEqual(new Set(problemCodes));
  });

  test('its COUNTERSIGN_ADMINS is one', () => {
    expect(parseAdmins(blocks('docs/admin-api.md', 'json')[0]!)).toMatchObject({ ok: true });
  });

  test('every JSON block parses', () => {
    expect(blocks('docs/admin-api.md', 'json').map((json) => typeof JSON.parse(json))).toEqual(
      Array.from({ length: 4 }, () => 'object'),
    );
  });
});
