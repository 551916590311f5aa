import { expect, test } from 'vitest';
import { denialWarnings } from '../../../../lib/admin/change/denial-warnings.ts';
import type { Warning } from '../../../../lib/admin/change/warnings.ts';
import { denial } from '../../../fixtures/records.ts';

const codes = (warnings: readonly Warning[]): string[] => warnings.map(({ code }) => code);

test('the warnings of a denial of a user say that the roles of the user stay open', () => {
  expect(
    codes(denialWarnings({ principal: { arn: 'arn:aws:iam::111122223333:user/u' }, reason: 'r' })),
  ).toEqual(['roles_stay_open']);
  expect(codes(denialWarnings(denial('R')))).toEqual([]);
  expect(codes(denialWarnings({ accessKeyId: 'AKIAEXAMPLEEXAMPLE01', reason: 'r' }))).toEqual([]);
});
