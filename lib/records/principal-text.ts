/**
 * A principal in one word, for settings and query strings: an ARN, `permission-set/<account>/<name>`,
 * `account/<account>` (both also with a partition before the account), or twelve digits. Its principal key is
 * such a word too.
 */
import { parsePrincipalArn } from '../identity/arn.ts';
import { partitionIds } from '../identity/partitions.ts';
import type { Principal } from './types.ts';

const permissionSetPattern = /^permission-set\/(?:([a-z-]+)\/)?(\d{12})\/([\w+=,.@-]{1,32})$/;
const accountPattern = /^(?:account\/(?:([a-z-]+)\/)?)?(\d{12})$/;

/** `undefined` for any other text, the ARN of a session among them. */
export function principalOfText(text: string): Principal | undefined {
  const [, setPartition = 'aws', setAccount = '', name] = permissionSetPattern.exec(text) ?? [];
  if (name !== undefined) {
    const partition = partitionIds.find((known) => known === setPartition);
    return partition && { permissionSet: { partition, accountId: setAccount, name } };
  }
  const [, partitionText = 'aws', accountId] = accountPattern.exec(text) ?? [];
  if (accountId !== undefined) {
    const partition = partitionIds.find((known) => known === partitionText);
    return partition && { partition, accountId };
  }
  const arn = parsePrincipalArn(text);
  return arn === undefined || arn.kind === 'assumed-role' ? undefined : { arn: text };
}
