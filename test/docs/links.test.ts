/** Links between the pages of this repository lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const skipped = new Set(['node_modules', '.git', 'dist', '.serverless', '.stryker-tmp', 'coverage']);
const pages = readdirSync('.', { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.md') && !file.split(/[/\\]/).some((part) => skipped.has(part)),
);

const slug = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchors = (page: string): Set<string> =>
  new Set([...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map((match) => slug(match[1]!)));

const isBroken = (page: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(target)) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor);
};

test.each(pages)('every link of %s leads to a page and a heading that exist', (page) => {
  const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)];
  expect(links.map(([, link = '']) => link).filter((link) => isBroken(page, link))).toEqual([]);
});
