import type { AnswerFields } from '../service/service.ts';
import type { Group, Role, User } from '../service/accounts.ts';

/** A fixture has no dates: everything was created at the same moment. */
const createdAt = new Date(Date.UTC(2026, 0, 1));

/** Path, name, id, ARN and date, under IAM's field names. */
export const describeEntity = (
  entity: Group | Role | User,
  kind: 'Group' | 'Role' | 'User',
): AnswerFields => ({
  Path: entity.path,
  [`${kind}Name`]: entity.name,
  [`${kind}Id`]: entity.id,
  Arn: entity.arn,
  CreateDate: createdAt,
});

export const describeUser = (user: User): AnswerFields => describeEntity(user, 'User');
