/** Subjects of denials, as the admin API accepts them. */
interface InAccount {
  readonly account: string;
}

export const arnOf = (accountId: string, resource: string): string => `arn:aws:iam::${accountId}:${resource}`;

export const of = (arn: string, sessionName?: string): object => ({
  principal: { arn },
  ...(sessionName === undefined ? {} : { sessionName }),
});

export const permissionSet = ({ account }: InAccount, name: string): object => ({
  principal: { permissionSet: { accountId: account, name } },
});

/** The role that IAM Identity Center creates for a permission set; a new assignment has another suffix. */
export const reserved = (set: string, letter: string): string => `AWSReservedSSO_${set}_${letter.repeat(16)}`;
