import { expect, test } from 'vitest';
import { toAccessEntries } from '../../../lib/migration/export-access-entries.ts';
import { mapping, roleArn } from '../../fixtures/records.ts';
import { entriesOf } from './export-support.ts';

test('entries that EKS would refuse are reported, not exported', () => {
  const { entries, notExported } = toAccessEntries(
    entriesOf([
      mapping('ok', { username: 'ops:{{SessionName}}', groups: ['developers'] }),
      mapping('masters', { groups: ['system:masters'] }),
      mapping('reserved', { username: 'aws:x' }),
      mapping('colon', { username: 'ops-{{SessionName}}' }),
    ]),
  );
  expect(entries).toEqual([
    { principalArn: roleArn('ok'), username: 'ops:{{SessionName}}', kubernetesGroups: ['developers'] },
  ]);
  expect(notExported).toHaveLength(3);
});
