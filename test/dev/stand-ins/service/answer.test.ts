import { expect, test } from 'vitest';
import { validationError } from '../../../../dev/stand-ins/service/answer.ts';

test.each([
  [['a'], '1 validation error detected: a'],
  [['a', 'b'], '2 validation errors detected: a; b'],
])('a validation error of %j is reported in the words of AWS', (violations, message) => {
  expect(validationError(...violations)).toEqual({
    ok: false,
    failure: { status: 400, code: 'ValidationError', message },
  });
});
