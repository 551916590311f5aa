import { describe, expect, test } from 'vitest';
import { demoFixture, readFixture } from '../../../dev/fixture/read.ts';
import { cliCommand, instructions } from '../../../dev/server/instructions.ts';
import { findLogin } from '../../../dev/server/login.ts';
import { must } from '../../fixtures/store-writes.ts';

const fixture = must(readFixture(demoFixture()));
const login = findLogin(fixture)!;

describe('the instructions of countersign dev', () => {
  test('export the endpoints of the stand-ins and of the server', () => {
    const addresses = {
      url: 'http://127.0.0.1:1',
      awsUrl: 'http://127.0.0.1:2',
      script: '/x/main.mjs',
      directory: '/',
    };
    const lines = instructions(fixture, login, addresses);
    expect(lines).toContain('export AWS_ENDPOINT_URL=http://127.0.0.1:2');
    expect(lines).toContain('export COUNTERSIGN_ENDPOINT=http://127.0.0.1:1');
  });

  test.each([
    ['/src/countersign/dist/cli/main.mjs', '/src/countersign', 'node dist/cli/main.mjs'],
    ['/usr/lib/countersign/main.mjs', '/home/me', 'node /usr/lib/countersign/main.mjs'],
    ["/it's here/main.mjs", '/home/me', String.raw`node '/it'\''s here/main.mjs'`],
  ])('call %s from %s by %s', (script, directory, command) => {
    expect(cliCommand({ script, directory })).toBe(command);
  });
});
