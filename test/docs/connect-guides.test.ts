import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

describe('each guide', () => {
  const guides = ['connect-kops', 'connect-kubeadm', 'connect-static-pod', 'connect-serve'];
  const sections = [
    'One control-plane node first',
    'Prove the node',
    'The rest',
    'The way back',
    'Break-glass',
    'Uninstall',
  ];

  test.each(guides)(
    'docs/%s.md has the sections of a roll-out, a roll-back and an uninstall, in this order',
    (guide) => {
      const text = readFileSync(`docs/${guide}.md`, 'utf8');
      const places = sections.map((section) => text.indexOf(`\n## ${section}`));
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    },
  );
});
