import { expect, test } from 'vitest';
import { awsAuth, mapRoles, role } from './support.ts';

test('of two entries of one ARN the later is imported, and the other reported', () => {
  const { state, notCarried } = awsAuth(
    mapRoles(`- rolearn: ${role('A')}\n  username: first\n- rolearn: ${role('a')}\n  username: second`),
  );
  expect(state.mappings.map(({ username }) => username)).toEqual(['second']);
  expect(notCarried).toEqual([
    {
      path: 'mapRoles[0]',
      line: 3,
      message: expect.stringMatching(/mapRoles\[1\] \(line 5\), which comes later/),
    },
  ]);
});

test('an entry without a role path is imported instead of a later one with a path', () => {
  const { state, notCarried } = awsAuth(
    mapRoles(`- rolearn: ${role('A')}\n  username: works\n- rolearn: ${role('path/A')}\n  username: never`),
  );
  expect(state.mappings.map(({ username }) => username)).toEqual(['works']);
  expect(notCarried).toMatchObject([
    { path: 'mapRoles[1]', message: expect.stringContaining('has no path') },
  ]);
});
