import { expect, test } from 'vitest';
import { Refused } from '../../../cli/admin-client/problem.ts';
import type { InputError } from '../../../cli/admin-client/problem.ts';
import { locateRefusal } from '../../../cli/admin-client/refused-file.ts';

const lines: Readonly<Record<string, number>> = { expiresat: 7, 'mappings[3].groups': 12 };
const file = {
  name: 'm.yaml',
  value: {},
  lineOf: (path?: string) => (path === undefined ? 1 : (lines[path] ?? 2)),
};

const refusedWith = (...errors: readonly InputError[]): (() => Promise<never>) => {
  const refused = new Refused('The input is refused. (invalid_input)', 'invalid_input', 400, errors);
  return () => Promise.reject(refused);
};

test('each problem of a file is located as file:line: field: message', async () => {
  const call = refusedWith(
    { path: 'expiresat', message: 'a mapping has no field expiresat' },
    { path: 'mappings[3].groups', message: 'groups must be a list' },
    { message: 'the state is too large' },
  );
  await expect(locateRefusal(file, call)).rejects.toMatchObject({
    exitCode: 2,
    message:
      'm.yaml:7: expiresat: a mapping has no field expiresat; m.yaml:12: mappings[3].groups: groups must be a list; m.yaml:1: the state is too large.',
  });
});

test('a field that an option overrides is reported without a line', async () => {
  const call = refusedWith(
    { path: 'expiresat', message: 'unknown' },
    { path: 'principal.arn', message: 'not an ARN' },
  );
  await expect(locateRefusal(file, call, ['principal'])).rejects.toThrow(
    'm.yaml:7: expiresat: unknown; principal.arn: not an ARN.',
  );
});

test.each([
  ['only options are wrong', refusedWith({ path: 'principal.arn', message: 'not an ARN' })],
  ['it names no field', refusedWith()],
])('a refusal is passed on unchanged if %s', async (_, call) => {
  await expect(locateRefusal(file, call, ['principal'])).rejects.toThrow(
    'The input is refused. (invalid_input)',
  );
});

test('the result of a call that is not refused is returned', async () => {
  expect(await locateRefusal(file, () => Promise.resolve(3))).toBe(3);
});
