/** What a list leaves out because it cannot be read. */
import { describe, expect, test } from 'vitest';
import { sayUnreadable } from '../../../cli/admin-client/listing.ts';
import type { Unreadable } from '../../../cli/admin-client/listing.ts';
import { unreadableBy } from '../../../lib/store/layout/unreadable.ts';
import { adminContext } from '../../fixtures/admin-server.ts';

const damaged = (kind: string, key: string): Unreadable => unreadableBy({ kind, key }).failure.data.item;

const said = (items: readonly Unreadable[], options: Record<string, string> = {}): readonly string[] => {
  const context = adminContext(options);
  sayUnreadable(context, items);
  return context.terminal.said;
};

const commandsFor = (item: Unreadable, options?: Record<string, string>): readonly string[] =>
  said([item], options)
    .map((line) => line.trim())
    .filter((line) => line.startsWith('countersign '));

describe('sayUnreadable', () => {
  test('a complete list says nothing', () => {
    expect(said([])).toEqual([]);
  });

  test.each([
    ['cluster', 'green', 'countersign clusters delete green --force'],
    ['set', 'prod', 'countersign sets delete prod --force'],
    ['mapping', 'YWxsAGFybg', 'countersign mappings delete YWxsAGFybg --force'],
    ['denial', 'YXJu', 'countersign denials delete YXJu --force'],
    ['binding', 'developers', 'countersign bindings delete developers --force'],
    ['webhook-token', 'demo/0a1b', 'countersign clusters tokens delete demo 0a1b --force'],
  ])('a damaged %s %s is named with its reason and the command that deletes it', (kind, key, command) => {
    const lines = said([damaged(kind, key)]);
    expect(lines[0]).toBe('Warning: the list is not complete: 1 item cannot be read.');
    expect(lines[1]).toContain(`${kind} ${key}: it is damaged; an admin can delete it with force`);
    expect(lines[2]).toBe(`    ${command}`);
  });

  test('the command asks before it deletes: it does not have --yes', () => {
    expect(commandsFor(damaged('set', 'prod')).join('\n')).not.toContain('--yes');
  });

  test('the command is for the deployment that was listed, as words of a shell', () => {
    const options = {
      endpoint: 'https://x.example.com/a;b',
      signingService: 'lambda',
      signingRegion: 'eu-west-1',
    };
    expect(commandsFor(damaged('set', 'prod'), options)).toEqual([
      `countersign sets delete prod --force --endpoint 'https://x.example.com/a;b' --signing-service lambda --signing-region eu-west-1`,
    ]);
  });

  test('no command deletes an item of a newer version, which is to be kept', () => {
    const newer = unreadableBy({ kind: 'set', key: 'prod' }, { found: 2, known: 1 }).failure.data.item;
    expect(said([newer])[1]).toContain('set prod: it has schema version 2');
    expect(commandsFor(newer)).toEqual([]);
  });

  test.each([
    ['change', '01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
    ['sync-run', '01JD3Y6ZC8H5W7Q2V9M4K1N0PB'],
    ['cluster', '--help'],
    ['cluster', 'x; rm -r ~'],
    ['cluster', '$(id)'],
    ['cluster', 'a\nb'],
  ])('no command is printed for a damaged %s with the key %j', (kind, key) => {
    expect(commandsFor(damaged(kind, key))).toEqual([]);
  });

  test('control characters of a key do not reach the terminal', () => {
    expect(said([damaged('cluster', '\u001b[2J')]).join('')).not.toContain('\u001b');
  });

  test('the first 20 unreadable items are named, and the others counted', () => {
    const items = Array.from({ length: 23 }, (_, index) => damaged('change', `c${index}`));
    const lines = said(items);
    expect(lines[0]).toContain('23 items cannot be read');
    expect(lines.filter((line) => line.includes('damaged'))).toHaveLength(20);
    expect(lines.at(-1)).toBe('  and 3 more');
  });
});
